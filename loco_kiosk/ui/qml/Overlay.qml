import QtQuick
import "."

// The measured figures of the tile in front, with the last minute of each. When zoomed it stands in the right pillar bar,
// off the picture. A tap leads to the figures of all streams.
Rectangle {
    id: overlay
    property real zoom: 0
    property real pillar: 0
    property real head: 0
    readonly property bool inPillar: zoom > 0 && pillar > 22 * Theme.unit
    // Bound once: each look at the model's list copies it.
    readonly property var rows: app.overlay ? news.figures : []

    anchors { right: parent.right; rightMargin: Theme.gap }
    y: Theme.gap + head * (1 - zoom)
    width: inPillar ? pillar - 2 * Theme.gap : 28 * Theme.small
    height: Math.min(column.height + 4 * Theme.unit, parent.height - y)
    clip: true
    color: inPillar ? Theme.stage : Theme.bar

    TapHandler { enabled: !app.zoomed; onTapped: app.command("quality") }
    Column {
        id: column
        x: 2 * Theme.unit
        y: 2 * Theme.unit
        width: parent.width - 4 * Theme.unit
        spacing: 0.5 * Theme.unit

        Text {
            width: parent.width
            text: news.figuresTitle
            color: Theme.accent
            elide: Text.ElideRight
            font { pixelSize: Theme.body; weight: Font.Bold }
        }
        Repeater {
            model: overlay.rows.length
            FigureRow {
                required property int index
                width: column.width
                row: overlay.rows[index] ?? { "label": "", "value": "", "trace": [] }
            }
        }
    }
}
