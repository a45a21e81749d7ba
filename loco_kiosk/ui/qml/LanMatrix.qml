import QtQuick
import "."

// Who reaches whom: above the diagonal on the network, below it for a game.
Column {
    id: matrix
    required property var cells
    // What shows of it, from top to bottom.
    required property real from
    required property real to
    property bool legend: false
    readonly property real edge: Math.floor(Math.min(6 * Theme.unit, width / Math.max(1, cells.length)))

    spacing: 1.2 * Theme.unit

    Text {
        width: parent.width
        text: "Above the diagonal: who hears whom. Below: who could play by DirectPlay."
        color: Theme.paperSoft
        wrapMode: Text.Wrap
        font.pixelSize: Theme.small
    }
    Grid {
        id: grid
        columns: matrix.cells.length
        Repeater {
            model: matrix.cells.length * matrix.cells.length
            Rectangle {
                id: cell
                required property int index
                readonly property int count: matrix.cells.length
                readonly property var told: (matrix.cells[Math.floor(index / count)] ?? [])[index % count] ?? matrix.cells[0][0]
                width: matrix.edge
                height: matrix.edge
                color: told.ground
                border { width: 1; color: Theme.paper }
                Icon {
                    anchors.centerIn: parent
                    visible: grid.y + cell.y >= matrix.from && grid.y + cell.y + cell.height <= matrix.to
                    name: cell.told.glyph
                    colour: cell.told.colour
                    size: 0.6 * matrix.edge
                }
                Text {
                    anchors.centerIn: parent
                    text: cell.told.text
                    color: cell.told.colour
                    font { pixelSize: Theme.small; weight: Font.Black }
                }
            }
        }
    }
    Column {
        id: key
        visible: matrix.legend
        spacing: 0.4 * Theme.unit
        Repeater {
            model: lan.legend
            Row {
                id: line
                required property var modelData
                spacing: 1.4 * Theme.unit
                Rectangle {
                    width: Math.round(1.5 * Theme.small)
                    height: width
                    color: Theme.chip
                    Icon {
                        anchors.centerIn: parent
                        visible: key.y + line.y >= matrix.from && key.y + line.y + line.height <= matrix.to
                        name: line.modelData.glyph
                        colour: line.modelData.colour
                        size: Theme.small
                    }
                }
                Text {
                    anchors.verticalCenter: parent.verticalCenter
                    width: matrix.width - Math.round(1.5 * Theme.small) - line.spacing
                    text: line.modelData.words
                    color: Theme.paperInk
                    wrapMode: Text.Wrap
                    font.pixelSize: Theme.small
                }
            }
        }
    }
}
