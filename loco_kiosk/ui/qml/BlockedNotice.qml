import QtQuick
import "."

// Instead of blank tiles where video cannot be drawn at all. Uses nothing but rectangles and text.
Rectangle {
    color: Theme.bar

    Column {
        anchors.centerIn: parent
        width: parent.width * 0.7
        spacing: 3 * Theme.unit
        Text {
            width: parent.width
            text: "This display cannot show video"
            color: Theme.accent
            wrapMode: Text.Wrap
            font { pixelSize: 1.4 * Theme.large; weight: Font.Black }
        }
        Text {
            width: parent.width
            text: news.blocked
            color: Theme.barInk
            wrapMode: Text.Wrap
            lineHeight: 1.2
            font.pixelSize: Theme.title
        }
    }
}
