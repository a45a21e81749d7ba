import QtQuick
import LocoKiosk
import "."

// A brick seen from the front: studs on top, a lit upper edge, a shaded lower one. Few items, so it costs little.
Item {
    id: brick
    property color colour: "red"
    property int studs: 8
    readonly property real edge: Math.max(2, Math.round(0.45 * Theme.unit))
    readonly property real studHeight: Math.round(1.1 * Theme.unit)

    Studs {
        y: -brick.studHeight
        width: Math.max(1, brick.width)  // of less than a pixel Qt's painter complains
        height: brick.studHeight
        colour: brick.colour
        count: brick.studs
        edge: brick.edge
    }
    Rectangle { anchors.fill: parent; anchors.topMargin: brick.edge; color: Qt.darker(brick.colour, 1.35); y: brick.edge }
    Rectangle {
        width: parent.width
        height: parent.height - brick.edge
        color: brick.colour
        Rectangle { width: parent.width; height: brick.edge; color: Qt.lighter(brick.colour, 1.22) }
    }
}
