import QtQuick
import "."

// What one can do here, as key caps that one can also tap, and the sound.
Rectangle {
    id: bar
    height: Math.round(7.4 * Theme.unit)
    color: Theme.bar

    Row {
        x: 1.7 * Theme.unit
        height: parent.height
        spacing: 3 * Theme.unit
        KeyHint { cap: "1–9"; label: "pick"; enabled: false }
        KeyHint { cap: "Enter"; label: "play"; onTapped: app.command("zoom") }
        KeyHint { cap: settings.hotkeys.grid; label: "back"; onTapped: app.command("grid") }
        KeyHint { cap: settings.hotkeys.help; label: "help"; onTapped: app.command("help") }
        KeyHint { cap: settings.hotkeys.settings; label: "settings"; onTapped: app.command("settings") }
        KeyHint { cap: settings.hotkeys.overlay; label: "figures"; onTapped: app.command("overlay") }
    }
    PageDots {
        anchors { right: volume.left; rightMargin: 3 * Theme.unit; verticalCenter: parent.verticalCenter }
        visible: app.pages > 1
    }
    VolumeControl {
        id: volume
        anchors { right: parent.right; rightMargin: 1.7 * Theme.unit; verticalCenter: parent.verticalCenter }
    }
}
