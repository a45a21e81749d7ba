import QtQuick
import "."

// Before there are tiles: which stage the start is in. Later: a strip, while the backend does not answer.
Item {
    id: notice
    property real head: 0
    readonly property bool starting: status.stage !== ""

    Rectangle {
        visible: notice.starting
        anchors.centerIn: parent
        width: 120 * Theme.unit
        height: stages.height + 10 * Theme.unit
        color: Theme.paper

        Brick { anchors.bottom: parent.top; width: parent.width; height: 2 * Theme.unit; colour: Theme.accent; studs: 18 }
        Column {
            id: stages
            x: 6 * Theme.unit
            y: 5 * Theme.unit
            width: parent.width - 12 * Theme.unit
            spacing: 2 * Theme.unit
            Row {
                spacing: 2 * Theme.unit
                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    name: status.trouble === "" ? "booting" : "lost"
                    colour: Theme.paperInk
                    size: Theme.large
                }
                Text {
                    text: status.stage
                    color: Theme.paperInk
                    font { pixelSize: Theme.large; weight: Font.Bold }
                }
            }
            Text {
                width: parent.width
                text: status.trouble || "The machines appear here as soon as they run."
                color: Theme.paperSoft
                wrapMode: Text.Wrap
                font.pixelSize: Theme.title
            }
        }
    }
    Rectangle {
        visible: strip.text !== "" && !(notice.starting && status.notice === "")
        y: app.zoomed ? 0 : notice.head
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(parent.width, strip.implicitWidth + 8 * Theme.unit)
        height: strip.height + 2 * Theme.unit
        color: Theme.accent
        Text {
            id: strip
            anchors.centerIn: parent
            width: Math.min(implicitWidth, notice.width - 8 * Theme.unit)
            text: status.notice || status.trouble
            color: Theme.paperInk
            elide: Text.ElideRight
            font { pixelSize: Theme.body; weight: Font.DemiBold }
        }
    }
}
