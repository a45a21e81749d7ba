import QtQuick
import "."

// The keys of one command: tap a cap to take it away, add others by pressing them.
Item {
    id: row
    required property var modelData
    height: Math.round(Math.max(5.4 * Theme.unit, 1.7 * Theme.body))

    Text {
        anchors.verticalCenter: parent.verticalCenter
        width: 50 * Theme.unit
        text: row.modelData.label
        color: Theme.paperInk
        elide: Text.ElideRight
        font { pixelSize: Theme.body; weight: Font.DemiBold }
    }
    Row {
        x: 52 * Theme.unit
        height: parent.height
        spacing: Theme.unit
        Repeater {
            model: row.modelData.chords
            KeyCap {
                required property string modelData
                required property int index
                anchors.verticalCenter: parent.verticalCenter
                text: modelData + "  ×"
                colour: capTap.pressed ? Theme.accent : Theme.button
                TapHandler { id: capTap; margin: 0.4 * Theme.unit; onTapped: settings.dropChord(row.modelData.command, parent.index) }
            }
        }
    }
    Row {
        anchors.right: parent.right
        height: parent.height
        spacing: Theme.unit
        PanelButton {
            visible: row.modelData.changed
            height: parent.height
            title: "Standard"
            onTapped: settings.standardChords(row.modelData.command)
        }
        PanelButton {
            height: parent.height
            title: row.modelData.listening ? "Press keys …" : "Add"
            chosen: row.modelData.listening
            onTapped: settings.listen(row.modelData.listening ? "" : row.modelData.command)
        }
    }
}
