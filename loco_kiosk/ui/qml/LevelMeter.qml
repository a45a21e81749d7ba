import QtQuick
import "."

// Twelve bricks; `level` of them are lit. Only whole bricks change, so silence redraws nothing.
Rectangle {
    id: meter
    property int level: 0

    implicitHeight: Math.round(2.6 * Theme.unit)
    color: Theme.chip

    Row {
        anchors { fill: parent; margins: Math.round(0.5 * Theme.unit) }
        spacing: Math.max(1, Math.round(0.3 * Theme.unit))
        Repeater {
            model: 12
            Rectangle {
                required property int index
                readonly property color lit: index < 8 ? Theme.states.live : index < 11 ? Theme.accent : Theme.states.lost
                width: (meter.width - Math.round(0.5 * Theme.unit) * 2 - 11 * Math.max(1, Math.round(0.3 * Theme.unit))) / 12
                height: parent.height
                color: index < meter.level ? lit : Qt.tint(Theme.chip, Qt.alpha(lit, 0.2))
            }
        }
    }
}
