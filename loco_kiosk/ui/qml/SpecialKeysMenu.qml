import QtQuick
import "."

// Chords to type into the zoomed machine, which the visitor's own system would swallow.
Column {
    spacing: 2 * Theme.unit

    PanelTitle { text: app.zoomed ? "Send keys to " + app.inFront : "Send keys to a machine" }
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
                width: 46 * Theme.unit
                enabled: app.zoomed
                title: modelData.label
                hint: modelData.hint
                onTapped: app.typeChord(index)
            }
        }
    }
    PanelButton {
        visible: app.inFront !== ""
        title: "Start the machine anew"
        hint: "if it does not answer any more · " + settings.zoomHotkeys.recover
        onTapped: app.command("recover")
    }
}
