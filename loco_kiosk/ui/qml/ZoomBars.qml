import QtQuick
import "."

// The controls around a zoomed picture: back in the corner, the others in the pillar bar below it. Where the picture
// leaves no pillar, as on 4:3 screens, they unfold from a button beside the corner.
Item {
    id: bars
    property rect picture
    property bool unfolded: false
    readonly property real pillar: picture.x
    readonly property bool roomy: pillar > 22 * Theme.unit

    // Where taps are the kiosk's own although the guest's picture lies below.
    readonly property rect corner: Qt.rect(back.x, back.y, back.width, back.height)
    readonly property rect tools: roomy ? Qt.rect(0, 0, 0, 0)
        : unfolded ? Qt.rect(back.x, menu.y, Math.max(menu.x + menu.width - back.x, buttons.width), buttons.y + buttons.height - menu.y)
        : Qt.rect(menu.x, menu.y, menu.width, menu.height)

    Connections {
        target: app
        function onChanged() { if (!app.zoomed || app.panel !== "") bars.unfolded = false }
    }

    BackControl {
        id: back
        objectName: "backControl"
        x: Theme.gap
        y: Theme.gap
        width: bars.roomy ? bars.pillar - 2 * Theme.gap : implicitWidth
    }
    Rectangle {
        id: menu
        objectName: "menuControl"
        visible: !bars.roomy
        x: back.x + back.width + 0.6 * Theme.unit
        y: back.y + Math.round(1.1 * Theme.unit)
        width: height
        height: back.height - Math.round(1.1 * Theme.unit)
        color: menuTap.pressed || bars.unfolded ? Theme.bar : Theme.chip
        Icon {
            anchors.centerIn: parent
            name: bars.unfolded ? "close" : "menu"
            colour: Theme.barInk
            size: 1.2 * Theme.title
        }
        TapHandler { id: menuTap; onTapped: bars.unfolded = !bars.unfolded }
    }
    Column {
        id: buttons
        objectName: "tools"
        x: bars.roomy ? 2 * Theme.gap : back.x
        y: bars.roomy ? parent.height - height - 2 * Theme.gap : back.y + back.height + 0.6 * Theme.unit
        visible: bars.roomy || bars.unfolded
        spacing: (bars.roomy ? 1.2 : 0.4) * Theme.unit
        Repeater {
            model: [
                { "command": "keys", "icon": "keyboard", "label": "Send keys" },
                { "command": "recover", "icon": "anew", "label": "Start anew" },
                { "command": "overlay", "icon": "figures", "label": "Figures" },
                { "command": "vr", "icon": "vr", "label": headset.running ? "Leave VR" : "VR" },
                { "command": "mute", "icon": sound.muted ? "muted" : "sound", "label": sound.muted ? "Sound on" : "Sound off" },
                { "command": "help", "icon": "help", "label": "Help" }
            ]
            PillarButton {
                required property var modelData
                visible: modelData.command !== "vr" || headset.running || keys !== ""
                width: bars.roomy ? bars.pillar - 4 * Theme.gap : 34 * Theme.unit
                glyph: modelData.icon
                label: modelData.label
                keys: settings.zoomHotkeys[modelData.command]
                onTapped: { bars.unfolded = false; app.command(modelData.command) }
            }
        }
    }
}
