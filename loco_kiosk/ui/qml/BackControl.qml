import QtQuick
import "."

// The corner that always leads back, for fingers too.
Item {
    id: back
    implicitWidth: row.width + 5 * Theme.unit
    implicitHeight: Math.round(8.5 * Theme.unit)
    opacity: tap.pressed ? 0.7 : 1

    Brick {
        anchors { fill: parent; topMargin: Math.round(1.1 * Theme.unit) }
        colour: Theme.accent
        studs: 5
        Row {
            id: row
            anchors.centerIn: parent
            spacing: Theme.unit
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "back"
                colour: Theme.paperInk
                size: Theme.title
            }
            Text {
                text: "All machines"
                color: Theme.paperInk
                font { pixelSize: Theme.body; weight: Font.Bold }
            }
        }
    }
    TapHandler { id: tap; onTapped: app.command("grid") }
}
