import QtQuick
import "."

// A brick seen from the front: studs on top, a lit upper edge, a shaded lower one. Plain rectangles, so it costs little.
Item {
    id: brick
    property color colour: "red"
    property int studs: 8
    readonly property real edge: Math.max(2, Math.round(0.45 * Theme.unit))
    readonly property real studHeight: Math.round(1.1 * Theme.unit)
    readonly property real pitch: width / studs

    Row {
        y: -brick.studHeight
        Repeater {
            model: brick.studs
            Item {
                width: brick.pitch
                height: brick.studHeight
                Rectangle {
                    anchors.horizontalCenter: parent.horizontalCenter
                    width: Math.round(brick.pitch * 0.5)
                    height: parent.height
                    color: Qt.darker(brick.colour, 1.12)
                    Rectangle { width: parent.width; height: brick.edge; color: Qt.lighter(brick.colour, 1.25) }
                }
            }
        }
    }
    Rectangle { anchors.fill: parent; anchors.topMargin: brick.edge; color: Qt.darker(brick.colour, 1.35); y: brick.edge }
    Rectangle {
        width: parent.width
        height: parent.height - brick.edge
        color: brick.colour
        Rectangle { width: parent.width; height: brick.edge; color: Qt.lighter(brick.colour, 1.22) }
    }
}
