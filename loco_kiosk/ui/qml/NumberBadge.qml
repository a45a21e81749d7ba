import QtQuick
import "."

// The number that picks the tile.
Rectangle {
    id: badge
    required property var tile
    property real size: Math.round(6.4 * Theme.unit)

    width: Math.max(size, number.implicitWidth + Theme.unit)
    height: size
    color: tile.ink
    Text {
        id: number
        anchors.centerIn: parent
        text: badge.tile.number
        color: badge.tile.brick
        font { pixelSize: Theme.title * 1.2; weight: Font.Black }
    }
}
