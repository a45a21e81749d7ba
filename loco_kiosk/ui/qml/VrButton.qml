import QtQuick
import "."

// Opens the wall in VR; once that was asked for, it tells how the headset is, and a tap opens the strip with more.
Rectangle {
    id: button
    readonly property bool idle: headset.title === ""
    readonly property color ink: idle ? Theme.barInk : headset.colour

    visible: settings.hotkeys.vr !== "" || !idle
    width: visible ? row.width + 2.4 * Theme.unit : 0
    height: Math.round(4.6 * Theme.unit)
    color: tap.pressed ? Theme.stage : Theme.chip

    Row {
        id: row
        anchors.centerIn: parent
        spacing: Theme.unit
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: "vr"
            colour: button.ink
            size: 1.2 * Theme.body
        }
        Text {
            anchors.verticalCenter: parent.verticalCenter
            text: headset.word
            color: button.ink
            font { pixelSize: Theme.small; weight: Font.DemiBold }
        }
        KeyCap {
            anchors.verticalCenter: parent.verticalCenter
            visible: button.idle
            text: settings.hotkeys.vr
        }
    }
    TapHandler { id: tap; onTapped: button.idle ? app.command("vr") : headset.toggleOpen() }
}
