import QtQuick
import "."

// Where the machines come from, how many, how old the list is; glyph, word and colour say whether to trust it.
Rectangle {
    id: line
    readonly property var told: news.discovery

    width: row.width + 3 * Theme.unit
    height: Math.round(5.2 * Theme.unit)
    color: tap.pressed ? Theme.stage : Theme.chip

    Row {
        id: row
        anchors.centerIn: parent
        spacing: 1.2 * Theme.unit
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: line.told.glyph
            colour: line.told.colour
            size: Theme.body
        }
        Text {
            text: line.told.word
            color: line.told.colour
            font { pixelSize: Theme.body; weight: Font.Bold }
        }
        Text {
            text: line.told.text
            color: Theme.barInk
            font { pixelSize: Theme.body; weight: Font.Medium }
        }
    }
    TapHandler { id: tap; onTapped: app.command("machines") }
}
