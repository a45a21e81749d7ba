import QtQuick
import "."

// A key cap with what it does; a tap does the same.
Item {
    id: hint
    property string cap
    property string label
    property bool fits: true
    signal tapped

    width: row.width
    height: parent.height
    opacity: fits ? 1 : 0

    Row {
        id: row
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.unit
        KeyCap { text: hint.cap; visible: text !== "" }
        Text {
            anchors.verticalCenter: parent.verticalCenter
            text: hint.label
            color: Theme.barInk
            font.pixelSize: Theme.small
        }
    }
    TapHandler { enabled: hint.fits; onTapped: hint.tapped() }
}
