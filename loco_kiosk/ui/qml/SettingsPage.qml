import QtQuick
import "."

// F2: the settings that a visitor or a warden changes on site; written to the settings file.
Column {
    id: page
    spacing: 1.6 * Theme.unit

    PanelTitle { text: "Settings" }
    Repeater {
        model: settings.rows
        SettingRow {}
    }
    Row {
        spacing: 2 * Theme.unit
        topPadding: 1.5 * Theme.unit
        PanelButton { title: "Save"; chosen: true; onTapped: settings.save() }
        Text {
            width: 110 * Theme.unit
            height: parent.height - parent.topPadding
            verticalAlignment: Text.AlignVCenter
            text: settings.message
            color: Theme.paperSoft
            wrapMode: Text.Wrap
            font.pixelSize: Theme.small
        }
    }
}
