import QtQuick
import "."

// Name of the product, tiles by state, what the program says, time of day.
Rectangle {
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
    Row {
        id: counts
        anchors { left: logo.right; leftMargin: 6 * Theme.unit; verticalCenter: parent.verticalCenter }
        spacing: 3.6 * Theme.unit
        Repeater {
            model: status.summary
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
                    text: parent.modelData.count + " " + parent.modelData.word
                    color: Theme.barInk
                    font { pixelSize: Theme.body; weight: Font.DemiBold }
                }
            }
        }
    }
    Text {
        anchors { right: clock.left; rightMargin: 3 * Theme.unit; verticalCenter: parent.verticalCenter }
        width: Math.min(implicitWidth, clock.x - counts.x - counts.width - 6 * Theme.unit)
        text: [status.backend, status.drawing].filter(part => part !== "").join("\n")
        horizontalAlignment: Text.AlignRight
        color: Theme.barSoft
        elide: Text.ElideRight
        lineHeight: 0.95
        font.pixelSize: Theme.small
    }
    Text {
        id: clock
        anchors { right: parent.right; rightMargin: 2 * Theme.unit; verticalCenter: parent.verticalCenter }
        text: status.clock
        color: Theme.barInk
        font { pixelSize: Theme.large * 0.85; weight: Font.Bold }
    }
}
