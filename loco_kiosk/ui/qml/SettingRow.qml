import QtQuick
import "."

// One setting: its name and reason on the left, its choices on the right.
Row {
    id: row
    required property var modelData
    spacing: 3 * Theme.unit

    Column {
        width: 74 * Theme.unit
        Text {
            text: row.modelData.label
            color: Theme.paperInk
            font { pixelSize: Theme.body; weight: Font.Bold }
        }
        Text {
            width: parent.width
            text: row.modelData.help
            color: Theme.paperSoft
            elide: Text.ElideRight
            font.pixelSize: Theme.small
        }
    }
    Row {
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.unit
        Repeater {
            model: row.modelData.words
            PanelButton {
                required property string modelData
                required property int index
                title: modelData
                chosen: row.modelData.chosen === index
                onTapped: settings.choose(row.modelData.key, index)
            }
        }
    }
}
