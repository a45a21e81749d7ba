import QtQuick
import "."

// The status line at length: where the machines come from, how far that can be trusted, every machine with its state.
Column {
    id: page
    spacing: 1.6 * Theme.unit
    readonly property real wide: 196 * Theme.unit

    PanelTitle { text: "Machines found" }
    Row {
        spacing: 6 * Theme.unit
        Column {
            id: facts
            width: 76 * Theme.unit
            spacing: 1.1 * Theme.unit
            Repeater {
                model: news.details
                Column {
                    required property var modelData
                    width: facts.width
                    Text {
                        text: parent.modelData.label
                        color: Theme.paperSoft
                        font.pixelSize: Theme.small
                    }
                    Text {
                        width: parent.width
                        text: parent.modelData.value
                        color: Theme.paperInk
                        wrapMode: Text.Wrap
                        font { pixelSize: Theme.body; weight: Font.DemiBold }
                    }
                }
            }
            PanelButton {
                title: "Quality of all streams"
                onTapped: app.command("quality")
            }
            PanelButton {
                title: "The machines' network"
                onTapped: app.command("lan")
            }
            PanelButton {
                visible: walls.rows.length > 0 && !settings.locked
                title: "Other walls"
                onTapped: app.command("walls")
            }
        }
        ScrollArea {
            width: page.wide - facts.width - 6 * Theme.unit
            height: Math.min(inside, 84 * Theme.unit)
            Column {
                width: page.wide - facts.width - 9 * Theme.unit
                spacing: 0.8 * Theme.unit
                Repeater {
                    model: news.machines
                    MachineRow { width: parent.width }
                }
            }
        }
    }
}
