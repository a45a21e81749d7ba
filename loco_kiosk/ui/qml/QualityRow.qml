import QtQuick
import LocoKiosk
import "."

// One stream of the quality page; under it, where there is something to say, a sentence.
Item {
    id: stream
    required property var row
    required property var columns
    readonly property real lineHeight: Math.round(1.6 * Theme.body)

    height: lineHeight + (said.visible ? said.height : 0)

    Row {
        id: line
        height: stream.lineHeight
        Text {
            width: stream.columns[0] * Theme.unit
            rightPadding: Theme.unit
            anchors.verticalCenter: parent.verticalCenter
            text: stream.row.title
            color: Theme.paperInk
            elide: Text.ElideRight
            font { pixelSize: Theme.body; weight: Font.Bold }
        }
        Rectangle {
            width: (stream.columns[1] - 2) * Theme.unit
            height: parent.height
            color: Theme.chip
            Row {
                anchors.centerIn: parent
                spacing: Theme.unit
                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    name: stream.row.glyph
                    colour: stream.row.colour
                    size: Theme.small
                }
                Text {
                    text: stream.row.word
                    color: stream.row.colour
                    font { pixelSize: Theme.small; weight: Font.DemiBold }
                }
            }
        }
        Item { width: 2 * Theme.unit; height: 1 }
        Rectangle {
            width: stream.columns[2] * Theme.unit
            height: parent.height
            color: Theme.button
            Graph { anchors.fill: parent; trace: stream.row.trace; colour: Theme.paperSoft }
        }
        Repeater {
            model: ["delay", "fps", "rate", "loss", "freezes", "key"]
            Text {
                required property string modelData
                required property int index
                width: stream.columns[index + 3] * Theme.unit
                leftPadding: Theme.unit
                anchors.verticalCenter: parent.verticalCenter
                text: stream.row[modelData]
                horizontalAlignment: Text.AlignRight
                color: Theme.paperInk
                font.pixelSize: Theme.small
            }
        }
    }
    Text {
        id: said
        y: stream.lineHeight
        width: parent.width
        visible: text !== ""
        text: stream.row.said
        color: Theme.paperSoft
        elide: Text.ElideRight
        font.pixelSize: Theme.small
    }
}
