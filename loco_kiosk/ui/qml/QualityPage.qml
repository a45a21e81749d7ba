import QtQuick
import "."

// How well every stream comes over: verdict, delay of the last minute, figures, alerts; and all of it as a file.
Column {
    id: page
    spacing: 1.4 * Theme.unit
    readonly property real wide: 208 * Theme.unit
    // Bound once: each look at the model's list copies it.
    readonly property var rows: quality.rows
    readonly property var columns: [42, 24, 36, 15, 16, 21, 14, 24, 16]

    PanelTitle { text: "Quality of all streams" }
    Text {
        width: page.wide
        text: quality.summary
        color: Theme.paperInk
        font { pixelSize: Theme.body; weight: Font.DemiBold }
    }
    Row {
        Repeater {
            model: ["", "", "Delay, last minute", "Delay", "Shown", "Bit rate", "Loss", "Freezes", "Key"]
            Text {
                required property string modelData
                required property int index
                width: page.columns[index] * Theme.unit
                text: modelData
                horizontalAlignment: index > 2 ? Text.AlignRight : Text.AlignLeft
                color: Theme.paperSoft
                font.pixelSize: Theme.small
            }
        }
    }
    ScrollArea {
        width: page.wide
        height: Math.min(inside, 72 * Theme.unit)
        Column {
            width: page.wide
            spacing: 0.8 * Theme.unit
            Repeater {
                model: page.rows.length
                QualityRow {
                    required property int index
                    width: page.wide
                    columns: page.columns
                    row: page.rows[index] ?? page.rows[0]
                }
            }
        }
    }
    Row {
        spacing: 2 * Theme.unit
        PanelButton {
            id: save
            visible: !settings.locked
            title: "Write to a file"
            onTapped: { app.command("quality"); quality.export() }
        }
        Text {
            width: page.wide - (save.visible ? save.width + 2 * Theme.unit : 0)
            height: save.height
            verticalAlignment: Text.AlignVCenter
            text: quality.newestAlert || "No alert since the kiosk started."
            color: Theme.paperInk
            wrapMode: Text.Wrap
            maximumLineCount: 2
            elide: Text.ElideRight
            font.pixelSize: Theme.small
        }
    }
}
