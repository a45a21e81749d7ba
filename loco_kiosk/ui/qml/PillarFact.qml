import QtQuick
import "."

// One line in the pillar bar: glyph and value.
Row {
    id: fact
    required property string glyph
    required property string value
    spacing: 1.4 * Theme.unit

    Icon {
        id: icon
        anchors.verticalCenter: parent.verticalCenter
        name: fact.glyph
        colour: Theme.barSoft
        size: Theme.body
    }
    Text {
        text: fact.value
        color: Theme.barInk
        width: fact.width - fact.spacing - icon.width
        elide: Text.ElideRight
        font { pixelSize: Theme.body; weight: Font.Medium }
    }
}
