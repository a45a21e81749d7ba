import QtQuick
import LocoKiosk
import "."

// Twelve bricks; `level` of them are lit. Only whole bricks change, so silence redraws nothing.
Rectangle {
    id: meter
    property int level: 0

    implicitHeight: Math.round(2.6 * Theme.unit)
    color: Theme.chip

    LitBricks {
        anchors { fill: parent; margins: Math.round(0.5 * Theme.unit) }
        level: meter.level
        gap: Math.max(1, Math.round(0.3 * Theme.unit))
        colours: [Theme.states.live, Theme.accent, Theme.states.lost]
    }
}
