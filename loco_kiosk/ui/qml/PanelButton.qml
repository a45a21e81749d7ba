import QtQuick
import "."

// A brick-shaped button: what it does, and a word more.
Rectangle {
    id: button
    property string title
    property string hint
    property bool chosen: false
    signal tapped

    implicitWidth: Math.max(label.implicitWidth, detail.implicitWidth) + 5 * Theme.unit
    implicitHeight: Math.round(Theme.body * (hint ? 3.3 : 2.2))
    color: tap.pressed || chosen ? Theme.accent : Theme.button

    Rectangle { anchors.bottom: parent.bottom; width: parent.width; height: 2 * Theme.line; color: Qt.darker(parent.color, 1.3) }
    Column {
        anchors { verticalCenter: parent.verticalCenter; left: parent.left; right: parent.right; margins: 2 * Theme.unit }
        Text {
            id: label
            width: parent.width
            text: button.title
            color: Theme.paperInk
            elide: Text.ElideRight
            font { pixelSize: Theme.body; weight: Font.Bold }
        }
        Text {
            id: detail
            width: parent.width
            text: button.hint
            visible: text !== ""
            color: button.chosen || tap.pressed ? Theme.paperInk : Theme.paperSoft
            elide: Text.ElideRight
            font.pixelSize: Theme.small
        }
    }
    TapHandler { id: tap; enabled: button.enabled; onTapped: button.tapped() }
}
