import QtQuick
import "."

// What the side rail says, in the left pillar bar of the zoomed picture.
Column {
    id: rail
    required property var tile
    spacing: 1.4 * Theme.unit

    Row {
        width: parent.width
        spacing: 1.4 * Theme.unit
        Rectangle {
            id: badge
            width: Math.round(8 * Theme.unit)
            height: width
            color: rail.tile.brick
            Text {
                anchors.centerIn: parent
                text: rail.tile.number
                color: rail.tile.ink
                font { pixelSize: Theme.large; weight: Font.Black }
            }
        }
        Text {
            width: parent.width - badge.width - parent.spacing
            height: badge.height
            verticalAlignment: Text.AlignVCenter
            text: rail.tile.title
            color: Theme.barInk
            elide: Text.ElideRight
            wrapMode: Text.Wrap
            maximumLineCount: 2
            font { pixelSize: Theme.body; weight: Font.Bold }
        }
    }
    StateBadge {
        width: parent.width
        glyph: rail.tile.phase
        word: rail.tile.stateWord
        colour: rail.tile.stateColour
    }
    Text {
        width: parent.width
        visible: text !== ""
        text: rail.tile.warning
        color: rail.tile.warningColour
        wrapMode: Text.Wrap
        maximumLineCount: 6
        elide: Text.ElideRight
        font.pixelSize: Theme.small
    }
    // One by one: a Repeater over a list of values would make them all anew whenever one of the values changes.
    PillarFact { width: parent.width; glyph: "player"; value: rail.tile.mine ? "You play" : rail.tile.held ? rail.tile.holder + " plays" : rail.tile.holder }
    PillarFact { width: parent.width; glyph: "viewers"; value: rail.tile.viewers }
    PillarFact { width: parent.width; glyph: "picture"; value: rail.tile.fps }
    PillarFact { width: parent.width; glyph: "delay"; value: rail.tile.delay }
    LevelMeter { width: parent.width; level: rail.tile.level }
}
