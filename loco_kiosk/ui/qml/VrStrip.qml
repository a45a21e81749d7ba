import QtQuick
import "."

// How the headset is and what to do, in the place of the hints, until it is put away.
Rectangle {
    id: strip

    height: Math.round(Math.max(7.4 * Theme.unit, words.height + 1.4 * Theme.unit))
    color: Theme.chip

    Rectangle { width: parent.width; height: 2 * Theme.line; color: headset.colour }
    Icon {
        id: glyph
        anchors.verticalCenter: parent.verticalCenter
        x: 1.7 * Theme.unit
        name: headset.glyph
        colour: headset.colour
        size: Theme.title
    }
    Column {
        id: words
        anchors { left: glyph.right; right: action.left; margins: 1.6 * Theme.unit; verticalCenter: parent.verticalCenter }
        Text {
            width: parent.width
            text: headset.title
            color: headset.colour
            elide: Text.ElideRight
            font { pixelSize: Theme.body; weight: Font.Bold }
        }
        Text {
            width: parent.width
            text: headset.sentence
            color: Theme.barInk
            wrapMode: Text.Wrap
            maximumLineCount: 4
            elide: Text.ElideRight
            font.pixelSize: Theme.small
        }
    }
    PanelButton {
        id: action
        objectName: "vrAction"
        anchors { right: close.left; rightMargin: Theme.unit; verticalCenter: parent.verticalCenter }
        title: headset.running ? "Leave VR" : "Try again"
        chosen: !headset.running
        onTapped: app.command("vr")
    }
    Item {
        id: close
        anchors { right: parent.right; rightMargin: 0.6 * Theme.unit; verticalCenter: parent.verticalCenter }
        width: Math.round(5 * Theme.unit)
        height: width
        Icon { anchors.centerIn: parent; name: "close"; colour: Theme.barSoft; size: Theme.body }
        TapHandler { onTapped: headset.toggleOpen() }
    }
}
