import QtQuick
import "."

// One brick of the wall: picture at full height, rail beside it. It grows from its cell to the window by `zoom`.
Item {
    id: tile
    required property int index
    required property int number
    required property string title
    required property string phase
    required property string stateWord
    required property color stateColour
    required property string reason
    required property string nextStep
    required property string fps
    required property string delay
    required property int level
    required property string holder
    required property bool mine
    required property bool held
    required property string viewers
    required property bool live
    required property bool covered
    required property bool vacant
    required property string warning
    required property string warningGlyph
    required property color warningColour
    required property int guestWidth
    required property int guestHeight
    required property color brick
    required property color ink
    required property color softInk

    property rect cell
    property size stage
    property real zoom: 0
    readonly property bool picked: app.picked === index
    readonly property alias picture: place.picture
    readonly property alias narrow: place.narrow

    TileGeometry {
        id: place
        cell: tile.cell
        stage: tile.stage
        zoom: tile.zoom
        guestWidth: tile.guestWidth
        guestHeight: tile.guestHeight
    }

    x: cell.x * (1 - zoom)
    y: cell.y * (1 - zoom)
    z: zoom > 0 ? 2 : picked ? 1 : 0
    width: cell.width + (stage.width - cell.width) * zoom
    height: cell.height + (stage.height - cell.height) * zoom

    Rectangle {  // under the brick's place as it fades: letterbox bars in one calm colour from the first moment on
        anchors.fill: parent
        z: -1
        visible: tile.zoom > 0
        color: Theme.stage
    }
    Item {
        y: -studs
        width: tile.cell.width
        height: tile.cell.height + studs
        readonly property real studs: body.studHeight
        visible: tile.zoom < 1
        opacity: 1 - tile.zoom

        Brick {
            id: body
            anchors { fill: parent; topMargin: parent.studs }
            colour: tile.brick
            studs: 9
        }
        SideRail {
            x: place.box.x + place.box.width + Theme.gap
            y: place.frame + parent.studs
            width: tile.cell.width - x - place.frame
            height: place.box.height - Theme.unit - meter.height
            tile: tile
        }
        FootRail {
            visible: tile.narrow
            x: place.frame
            y: place.frame + parent.studs + place.box.height + Math.round(0.8 * Theme.unit)
            width: tile.cell.width - 2 * place.frame
            height: place.foot - Math.round(0.8 * Theme.unit)
            tile: tile
        }
    }
    LevelMeter {
        id: meter
        x: place.box.x + place.box.width + Theme.gap
        y: place.frame + place.box.height - height
        width: tile.cell.width - x - place.frame
        level: tile.level
        visible: tile.zoom < 1 && !tile.vacant
        opacity: 1 - tile.zoom
    }
    Rectangle {
        x: place.screen.x; y: place.screen.y; width: place.screen.width; height: place.screen.height
        color: tile.vacant && tile.zoom === 0 ? Qt.tint(tile.brick, "#66ffffff") : Theme.stage
    }
    Loader {
        id: video
        objectName: "video" + tile.index
        x: tile.picture.x; y: tile.picture.y; width: tile.picture.width; height: tile.picture.height
        visible: !tile.covered
        source: drawing.painted ? "PaintedPicture.qml" : "VideoPicture.qml"
        onLoaded: {
            item.scaling = Qt.binding(() => tile.zoom === 1 ? settings.scaling : "smooth")
            presenter.register(tile.index, item.screen)
        }
    }
    TileMessage {
        x: tile.picture.x; y: tile.picture.y; width: tile.picture.width; height: tile.picture.height
        visible: !tile.live
        tile: tile
    }
    WarningStrip {  // at the upper edge of a picture that fills the screen: guests have their task bars below
        readonly property bool filled: tile.zoom > 0.5
        x: tile.picture.x + (tile.picture.width - width) / 2
        y: tile.picture.y + (filled ? 0 : tile.picture.height - height)
        width: filled ? Math.min(wide, tile.picture.width / 2) : tile.picture.width
        visible: tile.warning !== "" && !(filled && rail.visible)
        tile: tile
    }
    PillarRail {
        id: rail
        x: 2 * Theme.gap
        y: 14 * Theme.unit
        width: Math.max(0, tile.picture.x - 4 * Theme.gap)
        visible: tile.zoom > 0.5 && tile.picture.x > 22 * Theme.unit
        opacity: tile.zoom
        tile: tile
    }
    SelectionRing {
        anchors.fill: parent
        visible: tile.picked && tile.zoom === 0
    }
    TapHandler {
        enabled: tile.zoom === 0
        onTapped: app.pick(tile.index)
        onDoubleTapped: app.zoom()
    }
}
