import QtQuick
import "."

// Under a picture that can be played although something is wrong: what it is, without covering more than a strip.
Rectangle {
    id: strip
    required property var tile
    readonly property real wide: words.implicitWidth + icon.width + 4 * Theme.unit

    height: words.height + 1.2 * Theme.unit
    color: Theme.chip

    Icon {
        id: icon
        x: Theme.unit
        anchors.verticalCenter: parent.verticalCenter
        name: strip.tile.warningGlyph
        colour: strip.tile.warningColour
        size: Theme.body
    }
    Text {
        id: words
        anchors { left: icon.right; right: parent.right; margins: Theme.unit; verticalCenter: parent.verticalCenter }
        text: strip.tile.warning
        color: strip.tile.warningColour
        wrapMode: Text.Wrap
        maximumLineCount: 2
        elide: Text.ElideRight
        font { pixelSize: Theme.small; weight: Font.DemiBold }
    }
}
