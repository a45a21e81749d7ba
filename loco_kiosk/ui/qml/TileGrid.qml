import QtQuick
import "."

// Nine tiles in their cells. A tile places itself, so that zooming moves nothing to another parent.
Item {
    id: grid
    property real zoom: 0
    property real head: 0
    property real foot: 0
    property rect zoomedPicture: Qt.rect(0, 0, 0, 0)

    readonly property real margin: 1.7 * Theme.unit
    readonly property real gapX: 1.7 * Theme.unit
    readonly property real gapY: 2.9 * Theme.unit
    readonly property real cellWidth: Math.floor((width - 2 * margin - 2 * gapX) / 3)
    readonly property real cellHeight: Math.floor((height - head - foot - 2 * gapY - margin - gapY) / 3)

    // Pictures of the grid need no more pixels than it has for them.
    TileGeometry {
        id: place
        cell: Qt.rect(0, 0, grid.cellWidth, grid.cellHeight)
        stage: Qt.size(grid.width, grid.height)
        guestWidth: 4
        guestHeight: 3
        readonly property size pixels: Qt.size(Math.ceil(box.width * Screen.devicePixelRatio),
                                               Math.ceil(box.height * Screen.devicePixelRatio))
        onPixelsChanged: if (pixels.width > 0 && pixels.height > 0) app.showAt(pixels.width, pixels.height)
    }
    Repeater {
        id: tiles
        model: wall
        Tile {
            objectName: "tile" + index
            cell: Qt.rect(Math.round(grid.margin + (index % 3) * (grid.cellWidth + grid.gapX)),
                          Math.round(grid.head + grid.gapY + Math.floor(index / 3) * (grid.cellHeight + grid.gapY)),
                          grid.cellWidth, grid.cellHeight)
            stage: Qt.size(grid.width, grid.height)
            zoom: index === app.zoomPosition ? grid.zoom : 0
            visible: zoom > 0 || grid.zoom < 1
            onPictureChanged: if (index === app.zoomPosition) grid.zoomedPicture = picture
            onZoomChanged: if (index === app.zoomPosition) grid.zoomedPicture = picture
        }
    }
    HandPointer {
        objectName: "leftHand"
        hand: headset.left
        letter: "L"
        colour: Theme.states.reconnecting
        tile: tiles.itemAt(hand.place)
    }
    HandPointer {
        objectName: "rightHand"
        hand: headset.right
        letter: "R"
        colour: Theme.accent
        tile: tiles.itemAt(hand.place)
    }
}
