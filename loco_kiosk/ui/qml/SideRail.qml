import QtQuick
import "."

// Beside the picture: who it is, how it is, who plays, how well it runs. Where a foot says the first two, it does not.
Item {
    id: rail
    required property var tile

    NumberBadge { id: badge; visible: !rail.tile.narrow; tile: rail.tile }
    TileTitle {
        anchors { left: badge.right; right: parent.right; leftMargin: Theme.unit }
        visible: badge.visible
        height: badge.height
        tile: rail.tile
    }
    StateBadge {
        id: state
        anchors { top: badge.bottom; topMargin: Theme.unit }
        visible: badge.visible
        width: parent.width
        glyph: rail.tile.phase
        word: rail.tile.stateWord
        colour: rail.tile.stateColour
    }
    Column {
        id: facts
        readonly property real each: height / 4
        anchors { top: badge.visible ? state.bottom : parent.top; bottom: parent.bottom; topMargin: Theme.unit }
        width: parent.width
        visible: rail.tile.live || rail.tile.phase === "stale"

        RailFact { glyph: "player"; value: rail.tile.narrow && !rail.tile.held ? "Free" : rail.tile.holder; strong: rail.tile.held; tile: rail.tile; height: facts.each }
        RailFact { glyph: "viewers"; value: rail.tile.narrow ? "" + parseInt(rail.tile.viewers) : rail.tile.viewers; tile: rail.tile; height: facts.each }
        RailFact { glyph: "picture"; value: rail.tile.fps; tile: rail.tile; height: facts.each }
        RailFact { glyph: "delay"; value: rail.tile.delay; tile: rail.tile; height: facts.each }
    }
}
