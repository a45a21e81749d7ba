import QtQuick
import "."

// Heading of a panel.
Text {
    color: Theme.paperInk
    bottomPadding: Theme.unit
    font { pixelSize: 1.15 * Theme.large; weight: Font.Black }
}
