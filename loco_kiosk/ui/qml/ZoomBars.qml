import QtQuick
import "."

// The controls around a zoomed picture: back in the corner, keys and figures below it where there is a pillar bar.
Item {
    id: bars
    property rect picture
    readonly property real pillar: picture.x
    readonly property bool roomy: pillar > 22 * Theme.unit

    readonly property rect corner: Qt.rect(back.x, back.y, back.width, back.height)

    BackControl {
        id: back
        objectName: "backControl"
        x: Theme.gap
        y: Theme.gap
        width: bars.roomy ? bars.pillar - 2 * Theme.gap : implicitWidth
    }
    Column {
        anchors { bottom: parent.bottom; bottomMargin: 2 * Theme.gap }
        x: 2 * Theme.gap
        visible: bars.roomy
        spacing: 1.2 * Theme.unit
        Repeater {
            model: [
                { "command": "keys", "icon": "keyboard", "label": "Send keys" },
                { "command": "overlay", "icon": "figures", "label": "Figures" },
                { "command": "mute", "icon": sound.muted ? "muted" : "sound", "label": sound.muted ? "Sound on" : "Sound off" },
                { "command": "help", "icon": "help", "label": "Help" }
            ]
            PillarButton {
                required property var modelData
                width: bars.pillar - 4 * Theme.gap
                glyph: modelData.icon
                label: modelData.label
                keys: settings.zoomHotkeys[modelData.command]
                onTapped: app.command(modelData.command)
            }
        }
    }
}
