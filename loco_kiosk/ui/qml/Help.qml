import QtQuick
import "."

// F1: what one can do, by key, mouse and finger.
Column {
    id: help
    spacing: 2.2 * Theme.unit
    readonly property real keyWidth: 46 * Theme.unit
    readonly property real textWidth: 50 * Theme.unit

    PanelTitle { text: "How to play" }
    Grid {
        columns: 2
        flow: Grid.TopToBottom
        rows: Math.ceil(settings.help.length / 2)
        columnSpacing: 6 * Theme.unit
        rowSpacing: 1.5 * Theme.unit
        Repeater {
            model: settings.help
            Row {
                id: line
                required property var modelData
                spacing: 2 * Theme.unit
                KeyCap {
                    id: cap
                    text: line.modelData.keys
                    colour: Theme.button
                    width: Math.max(implicitWidth, help.keyWidth)
                }
                Text {
                    width: help.textWidth - Math.max(0, cap.width - help.keyWidth)
                    text: line.modelData.does
                    color: Theme.paperInk
                    wrapMode: Text.Wrap
                    font.pixelSize: Theme.body
                }
            }
        }
    }
    Text {
        text: "While a machine fills the screen, every other key goes to it."
        color: Theme.paperSoft
        font.pixelSize: Theme.body
    }
}
