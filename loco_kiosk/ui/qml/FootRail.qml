import QtQuick
import "."

// Below the picture where a rail beside it would be too narrow for words, as on 4:3 screens: who it is and how it is.
Item {
    id: foot
    required property var tile

    NumberBadge {
        id: badge
        size: parent.height
        tile: foot.tile
    }
    TileTitle {
        anchors { left: badge.right; right: state.left; leftMargin: Theme.unit; rightMargin: Theme.unit }
        height: parent.height
        tile: foot.tile
    }
    StateBadge {
        id: state
        anchors.right: parent.right
        width: Math.max(30 * Theme.unit, parent.width * 0.4)
        height: parent.height
        glyph: foot.tile.phase
        word: foot.tile.stateWord
        colour: foot.tile.stateColour
    }
}
