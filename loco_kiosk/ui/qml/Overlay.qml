import QtQuick
import "."

// The measured figures of the tile in front. When zoomed it stands in the right pillar bar, off the picture.
Rectangle {
    id: overlay
    property real zoom: 0
    property real pillar: 0
    property real head: 0
    readonly property bool inPillar: zoom > 0 && pillar > 22 * Theme.unit

    anchors { right: parent.right; rightMargin: Theme.gap }
    y: Theme.gap + head * (1 - zoom)
    width: inPillar ? pillar - 2 * Theme.gap : 46 * Theme.unit
    height: column.height + 4 * Theme.unit
    color: inPillar ? Theme.stage : Theme.bar

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
            model: app.overlay ? news.figures : []
            Item {
                id: row
                required property var modelData
                readonly property bool stacked: label.implicitWidth + value.implicitWidth + Theme.unit > width
                width: column.width
                height: stacked ? label.height + value.height : label.height

                Text {
                    id: label
                    width: row.stacked ? parent.width : parent.width - value.implicitWidth
                    text: row.modelData.label
                    color: Theme.barSoft
                    wrapMode: Text.Wrap
                    font.pixelSize: Theme.small
                }
                Text {
                    id: value
                    y: row.stacked ? label.height : 0
                    x: row.stacked ? 0 : parent.width - width
                    text: row.modelData.value
                    color: Theme.barInk
                    font { pixelSize: Theme.small; weight: Font.DemiBold }
                }
            }
        }
    }
}
