import QtQuick
import "."

// Beside the picture: who it is, how it is, who plays, how well it runs.
Item {
    id: rail
    required property var tile

    Row {
        id: head
        width: parent.width
        spacing: Theme.unit
        Rectangle {
            id: badge
            width: Math.round(5.6 * Theme.unit)
            height: width
            color: rail.tile.ink
            Text {
                anchors.centerIn: parent
                text: rail.tile.number
                color: rail.tile.brick
                font { pixelSize: Theme.title * (rail.tile.number > 99 ? 0.8 : 1.2); weight: Font.Black }
            }
        }
        Text {
            width: parent.width - badge.width - parent.spacing
            height: badge.height
            verticalAlignment: Text.AlignVCenter
            text: rail.tile.title || "–"
            color: rail.tile.ink
            elide: Text.ElideRight
            wrapMode: Text.Wrap
            maximumLineCount: 2
            lineHeight: 0.9
            fontSizeMode: Text.Fit
            minimumPixelSize: Theme.small
            font { pixelSize: Theme.title; weight: Font.Bold }
        }
    }
    StateBadge {
        id: state
        anchors { top: head.bottom; topMargin: Theme.unit }
        width: parent.width
        glyph: rail.tile.phase
        word: rail.tile.stateWord
        colour: rail.tile.stateColour
    }
    Column {
        id: facts
        anchors { top: state.bottom; bottom: parent.bottom; topMargin: Theme.unit }
        width: parent.width
        visible: rail.tile.live || rail.tile.phase === "stale"
        readonly property real each: height / 4

        RailFact { glyph: "player"; value: rail.tile.holder; strong: rail.tile.held; tile: rail.tile; height: facts.each }
        RailFact { glyph: "viewers"; value: rail.tile.viewers; tile: rail.tile; height: facts.each }
        RailFact { glyph: "picture"; value: rail.tile.fps; tile: rail.tile; height: facts.each }
        RailFact { glyph: "delay"; value: rail.tile.delay; tile: rail.tile; height: facts.each }
    }
}
