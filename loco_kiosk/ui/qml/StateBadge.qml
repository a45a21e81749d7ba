import QtQuick
import "."

// State as glyph, word and colour.
Rectangle {
    id: badge
    required property string glyph
    required property string word
    required property color colour

    implicitHeight: Math.round(Theme.body * 1.75)
    color: Theme.chip

    Row {
        anchors.centerIn: parent
        spacing: Theme.unit
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: badge.glyph
            colour: badge.colour
            size: Theme.body * 0.85
        }
        Text {
            anchors.verticalCenter: parent.verticalCenter
            text: badge.word
            color: badge.colour
            font { pixelSize: Theme.body; weight: Font.DemiBold }
        }
    }
}
