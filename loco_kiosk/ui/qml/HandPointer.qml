import QtQuick
import "."

// Where a hand of the wearer points on a tile: a ring that fills while the trigger is held, with the hand's letter.
Item {
    id: pointer
    required property var hand
    required property string letter
    required property color colour
    // The tile that it points at; null for none.
    property Item tile: null

    visible: tile !== null && tile.visible && !tile.covered
    x: tile ? tile.x + tile.picture.x + hand.u * tile.picture.width : 0
    y: tile ? tile.y + tile.picture.y + hand.v * tile.picture.height : 0
    z: 3
    // Over a large picture a small ring is lost on who watches from afar.
    scale: 1 + 0.5 * (tile ? tile.zoom : 0)

    Rectangle {
        anchors.centerIn: parent
        width: Math.round((pointer.hand.pressed ? 3.4 : 4.8) * Theme.unit)
        height: width
        radius: width / 2
        color: pointer.hand.pressed ? pointer.colour : Qt.alpha(pointer.colour, 0.25)
        border { width: Math.max(2, 1.6 * Theme.line); color: Theme.chip }
        Rectangle {
            anchors { fill: parent; margins: parent.border.width }
            visible: !pointer.hand.pressed
            radius: width / 2
            color: "transparent"
            border { width: parent.border.width; color: pointer.colour }
        }
    }
    Rectangle {
        x: 1.3 * Theme.unit
        y: 1.3 * Theme.unit
        width: Math.round(Math.max(15, 2.8 * Theme.unit))
        height: width
        radius: width / 2
        color: Theme.chip
        Text {
            anchors.centerIn: parent
            text: pointer.letter
            color: pointer.colour
            font { pixelSize: Theme.small; weight: Font.Bold }
        }
    }
}
