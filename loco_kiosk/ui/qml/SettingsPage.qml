import QtQuick
import "."

// F2: the settings that a visitor or a warden changes on site; written to the settings file.
Column {
    id: page
    objectName: "settingsPage"
    property string section: "picture"
    readonly property real wide: 176 * Theme.unit
    spacing: 1.8 * Theme.unit

    PanelTitle { text: "Settings" }
    Row {
        spacing: Theme.unit
        Repeater {
            model: settings.sections
            PanelButton {
                required property var modelData
                title: modelData.title
                chosen: page.section === modelData.name
                onTapped: { settings.listen(""); page.section = modelData.name }
            }
        }
    }
    Rectangle { width: page.wide; height: Theme.line; color: Theme.button }
    Item {
        width: page.wide
        height: 80 * Theme.unit
        Column {
            visible: page.section !== "hotkeys"
            spacing: 2.4 * Theme.unit
            VolumeRow { visible: page.section === "sound" }
            Repeater {
                model: settings.rows.filter(row => row.section === page.section)
                SettingRow { wide: page.wide }
            }
        }
        ScrollArea {
            anchors.fill: parent
            visible: page.section === "hotkeys"
            Column {
                width: page.wide - 3 * Theme.unit
                spacing: 0.7 * Theme.unit
                Repeater {
                    model: page.section === "hotkeys" ? settings.hotkeyRows : []
                    HotkeyRow { width: parent.width }
                }
            }
        }
    }
    Row {
        spacing: 2 * Theme.unit
        PanelButton { id: save; title: "Save"; chosen: settings.unsaved; onTapped: settings.save() }
        Text {
            width: page.wide - 24 * Theme.unit
            height: save.height
            verticalAlignment: Text.AlignVCenter
            text: settings.message
            color: Theme.paperInk
            wrapMode: Text.Wrap
            maximumLineCount: 2
            elide: Text.ElideRight
            font.pixelSize: Theme.small
        }
    }
}
