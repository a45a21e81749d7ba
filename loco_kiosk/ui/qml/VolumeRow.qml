import QtQuick
import "."

// The volume on the settings page.
Row {
    spacing: 3 * Theme.unit
    SettingLabel { width: 62 * Theme.unit; title: "Volume"; help: sound.notice || "Of all machines together" }
    VolumeControl {
        anchors.verticalCenter: parent.verticalCenter
        ink: Theme.paperInk
        off: Theme.button
        mutedColour: Theme.paperSoft
        tellsTrouble: false
    }
}
