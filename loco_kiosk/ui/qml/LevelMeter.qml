import QtQuick
import LocoKiosk
import "."

// Twelve bricks; `level` of them are lit. Only whole bricks change, so silence redraws nothing.
Rectangle {
    id: meter
    property int level: 0
    readonly property real margin: Math.round(0.5 * Theme.unit)

    implicitHeight: Math.round(2.6 * Theme.unit)
    color: Theme.chip

    LitBricks {
        x: meter.margin
        y: meter.margin
        width: Math.max(1, meter.width - 2 * meter.margin)  // of less than a pixel Qt's painter complains
        height: Math.max(1, meter.height - 2 * meter.margin)
        level: meter.level
        gap: Math.max(1, Math.round(0.3 * Theme.unit))
        colours: [Theme.states.live, Theme.accent, Theme.states.lost]
    }
}
