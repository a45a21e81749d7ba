import QtQuick
import "."

// One setting: its name and reason on the left, its choices on the right; long words stand one below the other.
Row {
    id: row
    required property var modelData
    property real wide
    readonly property real room: wide - 65 * Theme.unit
    spacing: 3 * Theme.unit

    SettingLabel {
        width: 62 * Theme.unit
        title: row.modelData.label
        help: row.modelData.help
    }
    ScrollArea {
        width: row.room
        height: row.modelData.tall ? Math.min(inside, 38 * Theme.unit) : inside
        Flow {
            width: row.room - 2 * Theme.unit
            spacing: Theme.unit
            Repeater {
                model: row.modelData.words
                PanelButton {
                    required property string modelData
                    required property int index
                    width: row.modelData.tall ? parent.width : implicitWidth
                    title: modelData
                    chosen: row.modelData.chosen === index
                    onTapped: settings.choose(row.modelData.key, index)
                }
            }
        }
    }
}
