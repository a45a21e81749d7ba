import QtQuick
import "."

// One machine on a network: state, frames, drops, broadcasts; under it, addresses and reasons.
Item {
    id: row
    required property var port
    required property var columns
    property bool shown: true
    readonly property real lineHeight: Math.round(1.6 * Theme.body)

    height: lineHeight + said.height

    Row {
        height: row.lineHeight
        Item {
            width: row.columns[0] * Theme.unit
            height: parent.height
            Rectangle {
                id: badge
                width: 5 * Theme.unit
                height: parent.height
                color: row.port.brick
                Text {
                    anchors.centerIn: parent
                    text: row.port.number
                    color: row.port.ink
                    font { pixelSize: Theme.small; weight: Font.Black }
                }
            }
            Text {
                anchors { left: badge.right; leftMargin: 1.4 * Theme.unit; right: parent.right; verticalCenter: parent.verticalCenter }
                text: row.port.name
                color: Theme.paperInk
                elide: Text.ElideRight
                font { pixelSize: Theme.body; weight: Font.Bold }
            }
        }
        Rectangle {
            width: row.columns[1] * Theme.unit
            height: parent.height
            color: Theme.chip
            Row {
                anchors.centerIn: parent
                spacing: Theme.unit
                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    visible: row.shown
                    name: row.port.glyph
                    colour: row.port.stateColour
                    size: Theme.small
                }
                Text {
                    text: row.port.word
                    color: row.port.stateColour
                    font { pixelSize: Theme.small; weight: Font.DemiBold }
                }
            }
        }
        Repeater {
            model: ["sent", "heard", "dropped", "broadcasts"]
            Text {
                required property string modelData
                required property int index
                width: row.columns[index + 2] * Theme.unit
                leftPadding: index === 3 ? 2 * Theme.unit : 0
                anchors.verticalCenter: parent.verticalCenter
                text: row.port[modelData]
                horizontalAlignment: index < 3 ? Text.AlignRight : Text.AlignLeft
                color: Theme.paperInk
                font.pixelSize: Theme.small
            }
        }
    }
    Text {
        id: said
        y: row.lineHeight
        x: 6.4 * Theme.unit
        width: parent.width - x
        text: row.port.said
        color: Theme.paperSoft
        wrapMode: Text.Wrap
        font.pixelSize: Theme.small
    }
}
