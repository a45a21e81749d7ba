import QtQuick
import "."

// Several walls answer on the network: which one this screen shows, from now on.
Column {
    id: page
    spacing: 1.6 * Theme.unit
    readonly property real wide: 120 * Theme.unit

    PanelTitle { text: "Which wall shall this screen show?" }
    Repeater {
        model: walls.rows
        PanelButton {
            required property var modelData
            required property int index
            objectName: "wall-" + index
            width: page.wide
            title: modelData.title
            hint: modelData.hint
            chosen: modelData.chosen
            onTapped: app.pick(index)
        }
    }
    Text {
        visible: walls.rows.length === 0
        text: "No other wall answers on this network."
        color: Theme.paperSoft
        font.pixelSize: Theme.body
    }
    Row {
        spacing: 2 * Theme.unit
        topPadding: Theme.unit
        PanelButton {
            title: walls.looking ? "Looking …" : "Look again"
            enabled: !walls.looking
            onTapped: walls.look()
        }
        Text {
            width: page.wide - 34 * Theme.unit
            height: parent.height - parent.topPadding
            verticalAlignment: Text.AlignVCenter
            text: "Your choice is remembered for the next start."
            color: Theme.paperSoft
            wrapMode: Text.Wrap
            font.pixelSize: Theme.small
        }
    }
}
