import QtQuick
import "."

// F1: what one can do, by key, mouse and finger.
Column {
    spacing: 2.2 * Theme.unit
    readonly property real keyWidth: 44 * Theme.unit

    PanelTitle { text: "How to play" }
    Repeater {
        model: settings.help
        Row {
            required property var modelData
            spacing: 3 * Theme.unit
            Item {
                width: keyWidth
                height: cap.height
                KeyCap { id: cap; text: parent.parent.modelData.keys; colour: "#dfe6ee"; width: Math.max(implicitWidth, keyWidth) }
            }
            Text {
                width: 78 * Theme.unit
                text: parent.modelData.does
                color: Theme.paperInk
                wrapMode: Text.Wrap
                font.pixelSize: Theme.body
            }
        }
    }
    Text {
        text: "While a machine fills the screen, every other key goes to it."
        color: Theme.paperSoft
        font.pixelSize: Theme.small
    }
}
