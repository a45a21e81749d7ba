import QtQuick
import "."

// Name of the product, where the machines come from and how far that can be trusted, tiles by state, time of day.
Rectangle {
    id: bar
    height: Math.round(8.4 * Theme.unit)
    color: Theme.bar

    Brick {
        id: logo
        x: 1.7 * Theme.unit
        y: Math.round(2 * Theme.unit)
        width: mark.implicitWidth + 5 * Theme.unit
        height: Math.round(5.2 * Theme.unit)
        colour: Theme.accent
        studs: 7
        Text {
            id: mark
            anchors.centerIn: parent
            text: "LOCO KIOSK"
            color: Theme.paperInk
            font { pixelSize: Theme.title; weight: Font.Black; letterSpacing: 0.3 * Theme.unit }
        }
    }
    DiscoveryLine {
        id: discovery
        objectName: "discovery"
        anchors { left: logo.right; leftMargin: 3 * Theme.unit; verticalCenter: parent.verticalCenter }
        visible: news.discovery.word !== ""
    }
    Row {
        id: counts
        // With many states the glyphs alone have to do; every tile says its word.
        readonly property bool brief: news.summary.length > 3
        anchors { left: discovery.right; leftMargin: 4 * Theme.unit; verticalCenter: parent.verticalCenter }
        spacing: (brief ? 2.2 : 3.2) * Theme.unit
        Repeater {
            model: news.summary
            Row {
                required property var modelData
                spacing: 1.2 * Theme.unit
                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    name: parent.modelData.state
                    colour: Theme.states[parent.modelData.state]
                    size: Theme.body
                }
                Text {
                    text: counts.brief ? parent.modelData.count : parent.modelData.count + " " + parent.modelData.word
                    color: Theme.barInk
                    font { pixelSize: Theme.body; weight: Font.DemiBold }
                }
            }
        }
    }
    Text {
        readonly property real room: clock.x - counts.x - counts.width - 6 * Theme.unit
        anchors { right: clock.left; rightMargin: 3 * Theme.unit; verticalCenter: parent.verticalCenter }
        width: Math.min(implicitWidth, room)
        visible: room > 20 * Theme.unit
        text: news.drawing
        horizontalAlignment: Text.AlignRight
        color: Theme.barSoft
        wrapMode: Text.Wrap
        maximumLineCount: 2
        elide: Text.ElideRight
        lineHeight: 0.95
        font.pixelSize: Theme.small
    }
    Text {
        id: clock
        anchors { right: parent.right; rightMargin: 2 * Theme.unit; verticalCenter: parent.verticalCenter }
        text: news.clock
        color: Theme.barInk
        font { pixelSize: Theme.large * 0.85; weight: Font.Bold }
    }
}
