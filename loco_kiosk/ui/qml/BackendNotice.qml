import QtQuick
import "."

// Before there are tiles: which stage the start is in. Later: a strip, while the backend does not answer.
Item {
    id: notice
    readonly property bool starting: news.stage !== ""

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
                    name: news.trouble === "" ? "booting" : "lost"
                    colour: Theme.paperInk
                    size: Theme.large
                }
                Text {
                    text: news.stage
                    color: Theme.paperInk
                    font { pixelSize: Theme.large; weight: Font.Bold }
                }
            }
            Text {
                width: parent.width
                text: news.trouble || "The machines appear here as soon as they run."
                color: Theme.paperSoft
                wrapMode: Text.Wrap
                font.pixelSize: Theme.title
            }
        }
    }
    // In the grid it takes the place of the hints; over a zoomed picture it stands at the lower edge.
    Rectangle {
        visible: strip.text !== "" && !(notice.starting && news.notice === "")
        anchors.bottom: parent.bottom
        x: app.zoomed ? (parent.width - width) / 2 : 0
        width: app.zoomed ? strip.width + 6 * Theme.unit : parent.width - 38 * Theme.unit
        height: Math.round(Math.max(7.4 * Theme.unit, strip.height + Theme.unit))
        color: Theme.accent
        Text {
            id: strip
            anchors { verticalCenter: parent.verticalCenter; left: parent.left; leftMargin: 3 * Theme.unit }
            width: Math.min(implicitWidth, notice.width - 58 * Theme.unit)
            text: news.notice || news.trouble
            color: Theme.paperInk
            wrapMode: Text.Wrap
            maximumLineCount: 2
            elide: Text.ElideRight
            font { pixelSize: Theme.body; weight: Font.DemiBold }
        }
    }
}
