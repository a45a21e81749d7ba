import QtQuick
import "."

// What one can do here, as key caps that one can also tap, and the sound.
Rectangle {
    id: bar
    height: Math.round(7.4 * Theme.unit)
    color: Theme.bar

    Row {
        id: hints
        readonly property real room: (dots.visible ? dots.x : goggles.x) - 3 * Theme.unit
        x: 1.7 * Theme.unit
        height: parent.height
        spacing: 2.6 * Theme.unit
        KeyHint { cap: "1–9"; label: "pick"; enabled: false }
        KeyHint { cap: "Enter"; label: "play"; onTapped: app.command("zoom") }
        KeyHint { cap: settings.hotkeys.grid; label: "back"; onTapped: app.command("grid") }
        KeyHint { cap: settings.hotkeys.help; label: "help"; onTapped: app.command("help") }
        KeyHint {
            cap: settings.hotkeys.settings
            label: "settings"
            visible: !settings.locked
            onTapped: app.command("settings")
        }
        KeyHint { cap: settings.hotkeys.overlay; label: "figures"; fits: x + width < hints.room; onTapped: app.command("overlay") }
        KeyHint { cap: settings.hotkeys.machines; label: "machines"; fits: x + width < hints.room; onTapped: app.command("machines") }
        KeyHint {
            cap: settings.hotkeys.recover
            label: "start anew"
            visible: app.picked >= 0
            fits: x + width < hints.room
            onTapped: app.command("recover")
        }
    }
    PageDots {
        id: dots
        anchors { right: goggles.left; rightMargin: 3 * Theme.unit; verticalCenter: parent.verticalCenter }
        visible: app.pages > 1
    }
    VrStrip {
        anchors { left: parent.left; right: goggles.left; rightMargin: Theme.unit; bottom: parent.bottom }
        visible: headset.open
    }
    VrButton {
        id: goggles
        objectName: "vrButton"
        anchors { right: volume.left; rightMargin: 3 * Theme.unit; verticalCenter: parent.verticalCenter }
    }
    VolumeControl {
        id: volume
        // Then a strip stands where its words would.
        tellsTrouble: news.notice === "" && news.trouble === ""
        anchors { right: parent.right; rightMargin: 1.7 * Theme.unit; verticalCenter: parent.verticalCenter }
    }
}
