import QtQuick
import "."

// The name of a machine, as large as its place allows.
Text {
    required property var tile

    verticalAlignment: Text.AlignVCenter
    text: tile.title
    color: tile.ink
    elide: Text.ElideRight
    wrapMode: Text.Wrap
    maximumLineCount: 2
    lineHeight: 0.9
    fontSizeMode: Text.Fit
    minimumPixelSize: Theme.small
    font { pixelSize: Theme.title; weight: Font.Bold }
}
