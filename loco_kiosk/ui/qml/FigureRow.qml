import QtQuick
import LocoKiosk
import "."

// One figure: its name, the last minute, its value. Where room is short the words stand before the graph.
Item {
    id: figure
    required property var row
    readonly property bool stacked: label.implicitWidth + value.implicitWidth + Theme.unit > width
    readonly property bool roomy: width > 22 * Theme.small

    height: stacked ? label.height + value.height : label.height

    Graph {
        visible: figure.row.trace.length > 0
        x: figure.roomy ? 10.4 * Theme.small : 0
        width: figure.roomy ? parent.width - x - 8.8 * Theme.small : parent.width
        height: parent.height
        trace: figure.row.trace
        colour: Qt.alpha(Theme.accent, figure.roomy ? 0.75 : 0.24)
    }
    Text {
        id: label
        width: figure.stacked ? parent.width : parent.width - value.implicitWidth
        text: figure.row.label
        color: Theme.barSoft
        wrapMode: Text.Wrap
        font.pixelSize: Theme.small
    }
    Text {
        id: value
        y: figure.stacked ? label.height : 0
        x: figure.stacked ? 0 : parent.width - width
        width: Math.min(implicitWidth, parent.width)
        text: figure.row.value
        color: Theme.barInk
        wrapMode: Text.Wrap
        font { pixelSize: Theme.small; weight: Font.DemiBold }
    }
}
