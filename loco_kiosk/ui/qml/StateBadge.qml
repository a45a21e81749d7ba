import QtQuick
import "."

// State as glyph, word and colour.
Rectangle {
    id: badge
    required property string glyph
    required property string word
    required property color colour

    implicitHeight: Math.round(Theme.title * 1.55)
    color: Theme.chip

    Row {
        anchors.centerIn: parent
        spacing: Theme.unit
        Icon {
            id: icon
            anchors.verticalCenter: parent.verticalCenter
            name: badge.glyph
            colour: badge.colour
            size: Theme.body
        }
        Text {
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, badge.width - icon.width - 3 * Theme.unit)
            text: badge.word
            color: badge.colour
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.small
            font { pixelSize: Theme.title; weight: Font.Bold }
        }
    }
}
