import QtQuick
import "."

// One machine of the page of machines: number and name, state as glyph and word, and what is to say of it.
Item {
    id: row
    required property var modelData
    height: state.height + (said.visible ? said.height : 0)

    Text {
        id: title
        width: 0.5 * parent.width
        text: row.modelData.number + " · " + row.modelData.name
        color: Theme.paperInk
        elide: Text.ElideRight
        font { pixelSize: Theme.body; weight: Font.Bold }
    }
    Rectangle {
        id: state
        x: 0.52 * parent.width
        width: 0.48 * parent.width
        height: Math.round(1.6 * Theme.body)
        color: Theme.chip
        Row {
            anchors.centerIn: parent
            spacing: Theme.unit
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: row.modelData.glyph
                colour: row.modelData.colour
                size: Theme.small
            }
            Text {
                text: row.modelData.word
                color: row.modelData.colour
                font { pixelSize: Theme.small; weight: Font.DemiBold }
            }
        }
    }
    Text {
        id: said
        y: state.height
        width: parent.width
        visible: text !== ""
        text: row.modelData.said
        color: Theme.paperSoft
        elide: Text.ElideRight
        font.pixelSize: Theme.small
    }
}
