import QtQuick
import "."

// One line of the rail: glyph and value.
Item {
    id: fact
    required property string glyph
    required property string value
    required property var tile
    property bool strong: false

    width: parent.width

    Icon {
        id: icon
        anchors.verticalCenter: parent.verticalCenter
        name: fact.glyph
        size: Theme.body
        colour: fact.strong ? fact.tile.ink : fact.tile.softInk
    }
    Text {
        anchors { left: icon.right; right: parent.right; leftMargin: Theme.unit; verticalCenter: parent.verticalCenter }
        text: fact.value
        color: fact.tile.ink
        elide: Text.ElideRight
        font { pixelSize: Theme.body; weight: fact.strong ? Font.Bold : Font.Medium }
    }
}
