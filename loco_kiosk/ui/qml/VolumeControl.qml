import QtQuick
import "."

// Speaker and ten bricks: tap the speaker to mute, a brick to set the volume.
Row {
    id: control
    property color ink: Theme.barInk
    property color off: Qt.alpha(Theme.barSoft, 0.3)
    property color mutedColour: Theme.states.lost
    property bool tellsTrouble: true
    spacing: Theme.unit

    Text {
        anchors.verticalCenter: parent.verticalCenter
        text: sound.notice
        visible: text !== "" && control.tellsTrouble
        color: Theme.states.stale
        width: Math.min(implicitWidth, 42 * Theme.unit)
        elide: Text.ElideRight
        font.pixelSize: Theme.small
    }
    Icon {
        anchors.verticalCenter: parent.verticalCenter
        name: sound.muted ? "muted" : "sound"
        colour: sound.muted ? control.mutedColour : control.ink
        size: 1.3 * Theme.title
        TapHandler { margin: Theme.unit; onTapped: app.command("mute") }
    }
    Row {
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.line
        Repeater {
            model: 10
            Rectangle {
                required property int index
                width: 1.7 * Theme.unit
                height: (1.6 + 0.22 * index) * Theme.unit
                anchors.bottom: parent.bottom
                color: !sound.muted && sound.volume > index * 10 ? Theme.accent : control.off
                TapHandler { margin: Theme.unit; onTapped: sound.setVolume((parent.index + 1) * 10) }
            }
        }
    }
    Text {
        anchors.verticalCenter: parent.verticalCenter
        width: 8 * Theme.unit
        text: sound.muted ? "off" : sound.volume + " %"
        color: control.ink
        font { pixelSize: Theme.small; weight: Font.DemiBold }
    }
}
