import QtQuick
import "."

// One network of the page about it: its cable with the machines on it, a row for each, and the matrix.
Column {
    id: section
    required property var room
    // What shows of it, from top to bottom.
    required property real from
    required property real to
    property bool legend: false
    readonly property var columns: [46, 24, 15, 15, 14, 34]
    readonly property real rows: 148 * Theme.unit

    spacing: 1.2 * Theme.unit

    Item {
        width: parent.width
        height: name.height
        Text {
            id: name
            text: section.room.name
            color: Theme.paperInk
            font { pixelSize: Theme.title; weight: Font.Black }
        }
        Text {
            anchors { left: name.right; leftMargin: 2 * Theme.unit; right: parent.right; baseline: name.baseline }
            text: section.room.summary
            color: Theme.paperSoft
            font.pixelSize: Theme.small
        }
    }
    LanCable { width: parent.width; ports: section.room.ports }
    Row {
        id: body
        spacing: 4 * Theme.unit
        Column {
            width: section.room.matrix.length > 0 ? section.rows : section.width
            spacing: 0.4 * Theme.unit
            Row {
                Repeater {
                    model: ["", "", "Sent", "Heard", "Dropped", "Broadcasts"]
                    Text {
                        required property string modelData
                        required property int index
                        width: section.columns[index] * Theme.unit
                        leftPadding: index === 5 ? 2 * Theme.unit : 0
                        text: modelData
                        horizontalAlignment: index > 1 && index < 5 ? Text.AlignRight : Text.AlignLeft
                        color: Theme.paperSoft
                        font.pixelSize: Theme.small
                    }
                }
            }
            Repeater {
                model: section.room.ports.length
                LanPortRow {
                    required property int index
                    width: parent.width
                    shown: body.y + y >= section.from && body.y + y + lineHeight <= section.to
                    columns: section.columns
                    port: section.room.ports[index] ?? section.room.ports[0]
                }
            }
        }
        LanMatrix {
            visible: section.room.matrix.length > 0
            width: section.width - section.rows - 4 * Theme.unit
            cells: section.room.matrix
            legend: section.legend
            from: section.from - body.y
            to: section.to - body.y
        }
    }
}
