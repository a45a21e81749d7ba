import QtQuick
import "."

// A key as it looks from above.
Rectangle {
    id: cap
    property alias text: label.text
    property color colour: Theme.paper

    implicitWidth: label.implicitWidth + 2.4 * Theme.unit
    implicitHeight: Math.round(Theme.small * 1.65)
    color: Qt.darker(colour, 1.4)

    Rectangle {
        width: parent.width
        height: parent.height - Theme.line
        color: cap.colour
        Text {
            id: label
            anchors.centerIn: parent
            color: Theme.paperInk
            font { pixelSize: Theme.small; weight: Font.DemiBold }
        }
    }
}
