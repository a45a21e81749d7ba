import QtQuick
import "."

// A key cap with what it does; a tap does the same.
Item {
    id: hint
    property string cap
    property string label
    signal tapped

    width: row.width
    height: parent.height

    Row {
        id: row
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.unit
        KeyCap { text: hint.cap }
        Text {
            anchors.verticalCenter: parent.verticalCenter
            text: hint.label
            color: Theme.barSoft
            font.pixelSize: Theme.small
        }
    }
    TapHandler { onTapped: hint.tapped() }
}
