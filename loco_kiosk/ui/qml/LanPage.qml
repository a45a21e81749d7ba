import QtQuick
import "."

// The machines' network: who hangs on which, what passed, who hears whom.
Column {
    id: page
    spacing: 1.2 * Theme.unit
    readonly property real wide: 212 * Theme.unit
    // Bound once: each look at the model's list copies it.
    readonly property var rooms: lan.rooms

    PanelTitle { text: "The machines' network" }
    Text {
        width: page.wide
        visible: lan.known || lan.trouble === ""
        text: lan.summary
        color: Theme.paperInk
        font { pixelSize: Theme.body; weight: Font.DemiBold }
    }
    Rectangle {
        width: page.wide
        height: trouble.height + 1.6 * Theme.unit
        visible: lan.trouble !== ""
        color: Theme.chip
        Text {
            id: trouble
            x: 1.6 * Theme.unit
            width: parent.width - 3.2 * Theme.unit
            anchors.verticalCenter: parent.verticalCenter
            text: lan.trouble
            color: Theme.states.stale
            wrapMode: Text.Wrap
            font { pixelSize: Theme.small; weight: Font.DemiBold }
        }
    }
    ScrollArea {
        id: area
        width: page.wide
        // The panel fills the window with it, and no more.
        height: Math.min(inside, page.Window.height - 38 * Theme.unit - (trouble.parent.visible ? trouble.parent.height : 0))
        Column {
            width: page.wide - 2 * Theme.unit
            spacing: 2.4 * Theme.unit
            Repeater {
                model: page.rooms.length
                LanRoom {
                    required property int index
                    width: parent.width
                    from: area.from - y
                    to: area.to + 2 - y
                    legend: index === 0
                    room: page.rooms[index] ?? page.rooms[0]
                }
            }
        }
    }
}
