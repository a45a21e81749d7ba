import QtQuick
import "."

// Asked before a machine is started anew, for what runs in it is lost.
Column {
    spacing: 2.4 * Theme.unit

    PanelTitle { text: "Start " + app.inFront + " anew?" }
    Text {
        width: 120 * Theme.unit
        text: "Whatever was not saved in it is lost."
        color: Theme.paperInk
        wrapMode: Text.Wrap
        font.pixelSize: Theme.title
    }
    Row {
        spacing: 2 * Theme.unit
        PanelButton {
            objectName: "reset"
            title: "Start it anew"
            hint: "Enter · ready in a moment"
            chosen: true
            onTapped: app.startAnew("reset")
        }
        PanelButton {
            objectName: "restart"
            title: "Restart its emulator"
            hint: "if the first does not help"
            onTapped: app.startAnew("restart")
        }
        PanelButton {
            title: "Leave it as it is"
            hint: "Esc"
            onTapped: app.command("grid")
        }
    }
}
