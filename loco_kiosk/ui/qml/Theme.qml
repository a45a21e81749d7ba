pragma Singleton
import QtQuick

// One unit scales everything: 1/240 of the width or 1/135 of the height of the window, the smaller of the two.
QtObject {
    property real unit: 5.33
    property bool animated: true

    readonly property int zoomMs: animated ? 320 : 0
    readonly property int fadeMs: animated ? 160 : 0

    // Text sizes in pixels; nothing is smaller than 12, which is what 1280x720 leaves readable.
    readonly property real small: Math.max(12, 2.35 * unit)
    readonly property real body: Math.max(13, 2.7 * unit)
    readonly property real title: Math.max(15, 3.3 * unit)
    readonly property real large: Math.max(20, 5 * unit)

    readonly property real gap: 1.2 * unit
    readonly property real line: Math.max(1, Math.round(0.3 * unit))

    readonly property color chip: colours.chip
    readonly property color plate: colours.plate
    readonly property color bar: colours.bar
    readonly property color barInk: colours.bar_ink
    readonly property color barSoft: colours.bar_soft
    readonly property color paper: colours.paper
    readonly property color paperInk: colours.paper_ink
    readonly property color paperSoft: colours.paper_soft
    readonly property color accent: colours.accent
    readonly property color button: colours.button
    readonly property color stage: colours.stage
    readonly property var states: colours.states
}
