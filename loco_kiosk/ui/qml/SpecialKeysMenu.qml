import QtQuick
import "."

// Chords to type into the zoomed machine, which the visitor's own system would swallow.
Column {
    spacing: 2 * Theme.unit

    PanelTitle { text: "Send keys to the machine" }
    Text {
        visible: !app.zoomed
        text: "Let a machine fill the screen first: the keys go to the one that you play."
        color: Theme.paperSoft
        font.pixelSize: Theme.body
    }
    Grid {
        columns: 3
        spacing: 2 * Theme.unit
        opacity: app.zoomed ? 1 : 0.45
        Repeater {
            model: app.chords
            PanelButton {
                required property var modelData
                required property int index
                width: 42 * Theme.unit
                enabled: app.zoomed
                title: modelData.label
                hint: modelData.hint
                onTapped: app.typeChord(index)
            }
        }
    }
}
