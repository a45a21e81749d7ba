import QtQuick
import "."

// Over a picture that is not the guest's now: what is wrong, why, what happens next. The last picture stays, dimmed.
Rectangle {
    id: message
    required property var tile

    readonly property bool stuck: tile.phase === "stale" || tile.phase === "lost"

    readonly property bool calm: tile.vacant && tile.zoom === 0
    readonly property color ink: calm ? tile.ink : Theme.barInk

    color: calm ? "transparent" : tile.covered ? Theme.stage : Qt.alpha(Theme.stage, 0.82)
    border { width: tile.covered ? 0 : 2 * Theme.line; color: tile.stateColour }

    Column {
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 2 * Theme.unit }
        spacing: 0.8 * Theme.unit * (1 + message.tile.zoom)

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            name: message.tile.phase
            colour: message.calm ? message.tile.ink : message.tile.stateColour
            size: Theme.large * (1 + message.tile.zoom)
        }
        Text {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: message.tile.reason || message.tile.stateWord
            color: message.ink
            wrapMode: Text.Wrap
            maximumLineCount: 3
            elide: Text.ElideRight
            font { pixelSize: Theme.title * (1 + 0.5 * message.tile.zoom); weight: Font.Bold }
        }
        Text {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: message.tile.nextStep
            visible: text !== ""
            color: message.calm ? message.ink : Theme.barSoft
            wrapMode: Text.Wrap
            maximumLineCount: 3
            elide: Text.ElideRight
            font.pixelSize: Theme.body * (1 + 0.4 * message.tile.zoom)
        }
        PanelButton {
            anchors.horizontalCenter: parent.horizontalCenter
            visible: message.stuck && (app.picked === message.tile.index)
            title: "Start it anew"
            chosen: true
            onTapped: app.command("recover")
        }
    }
}
