import QtQuick
import "."

// A quiet button in a pillar bar, with the keys that do the same.
Rectangle {
    id: button
    property string glyph
    property string label
    property string keys
    signal tapped

    implicitHeight: Math.round(9 * Theme.unit)
    color: tap.pressed ? Theme.bar : Theme.chip

    Icon {
        id: icon
        anchors.verticalCenter: parent.verticalCenter
        x: 1.5 * Theme.unit
        name: button.glyph
        colour: Theme.barInk
        size: 1.1 * Theme.title
    }
    Column {
        anchors { left: icon.right; right: parent.right; leftMargin: 1.5 * Theme.unit; verticalCenter: parent.verticalCenter }
        Text {
            text: button.label
            color: Theme.barInk
            font { pixelSize: Theme.body; weight: Font.DemiBold }
        }
        Text {
            width: parent.width
            text: button.keys
            color: Theme.barSoft
            elide: Text.ElideRight
            font.pixelSize: Theme.small
        }
    }
    TapHandler { id: tap; onTapped: button.tapped() }
}
