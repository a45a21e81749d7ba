import QtQuick
import QtMultimedia
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
    required property real aspect
    required property color brick
    required property color ink
    required property color softInk

    property rect cell
    property size stage
    property real zoom: 0
    readonly property bool picked: app.picked === index
    readonly property real frame: Theme.unit * (1 - zoom)
    readonly property rect screen: between(Qt.rect(frame, frame, boxWidth, height - 2 * frame),
                                           Qt.rect(0, 0, stage.width, stage.height), zoom)
    readonly property real boxWidth: Math.round((cell.height - 2 * Theme.unit) * 4 / 3)
    // The picture in tile coordinates; in the zoomed tile these are the window's.
    readonly property rect picture: fitted(screen, aspect)

    function between(a: rect, b: rect, t: real): rect {
        return Qt.rect(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t,
                       a.width + (b.width - a.width) * t, a.height + (b.height - a.height) * t)
    }
    function fitted(box: rect, aspect: real): rect {
        const w = Math.min(box.width, box.height * aspect), h = w / aspect
        return Qt.rect(Math.round(box.x + (box.width - w) / 2), Math.round(box.y + (box.height - h) / 2),
                       Math.round(w), Math.round(h))
    }

    x: cell.x * (1 - zoom)
    y: cell.y * (1 - zoom)
    z: zoom > 0 ? 2 : picked ? 1 : 0
    width: cell.width + (stage.width - cell.width) * zoom
    height: cell.height + (stage.height - cell.height) * zoom

    Brick {
        anchors.fill: parent
        colour: tile.brick
        studs: 9
        visible: tile.zoom < 1
        opacity: 1 - tile.zoom
    }
    Rectangle {  // under the brick's place as it fades: letterbox bars in one calm colour from the first moment on
        anchors.fill: parent
        z: -1
        visible: tile.zoom > 0
        color: Theme.stage
    }
    Rectangle {
        x: tile.screen.x
        y: tile.screen.y
        width: tile.screen.width
        height: tile.screen.height
        color: Theme.stage
    }
    VideoOutput {
        id: video
        objectName: "video" + tile.index
        x: tile.picture.x
        y: tile.picture.y
        width: tile.picture.width
        height: tile.picture.height
        fillMode: VideoOutput.Stretch
        layer.enabled: settings.integerScaling && tile.zoom === 1
        layer.smooth: false
        Component.onCompleted: presenter.register(tile.index, videoSink)
    }
    TileMessage {
        x: tile.screen.x
        y: tile.screen.y
        width: tile.screen.width
        height: tile.screen.height
        visible: !tile.live
        tile: tile
    }
    SideRail {
        x: tile.frame + tile.boxWidth + Theme.gap
        y: tile.frame
        width: tile.cell.width - tile.boxWidth - 2 * Theme.unit - Theme.gap
        height: tile.cell.height - 2 * Theme.unit
        visible: tile.zoom < 1
        opacity: 1 - tile.zoom
        tile: tile
    }
    PillarRail {
        x: 2 * Theme.gap
        y: 14 * Theme.unit
        width: tile.picture.x - 4 * Theme.gap
        visible: tile.zoom > 0 && tile.stage.width - tile.stage.height * tile.aspect > 44 * Theme.unit
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
