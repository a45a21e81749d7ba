import QtQuick
import "."

// Which page shows; a tap on a number turns to it, the arrows turn by one.
Row {
    id: dots
    spacing: Theme.unit

    Icon {
        anchors.verticalCenter: parent.verticalCenter
        name: "back"
        colour: app.page > 0 ? Theme.accent : Theme.barSoft
        size: Theme.title
        TapHandler { margin: 1.5 * Theme.unit; onTapped: app.turn(-1) }
    }
    Repeater {
        model: app.pages
        Rectangle {
            id: dot
            required property int index
            readonly property bool current: index === app.page
            // A dozen pages and more: only those beside the one that shows.
            visible: Math.abs(index - app.page) < 4
            width: 4.4 * Theme.unit
            height: width
            color: current ? Theme.accent : Theme.chip
            border { width: Theme.line; color: Theme.accent }
            Text {
                anchors.centerIn: parent
                text: dot.index + 1
                color: dot.current ? Theme.paperInk : Theme.accent
                font { pixelSize: Theme.small; weight: Font.Bold }
            }
            TapHandler { margin: 0.5 * Theme.unit; onTapped: app.turn(dot.index - app.page) }
        }
    }
    Icon {
        anchors.verticalCenter: parent.verticalCenter
        name: "next"
        colour: app.page + 1 < app.pages ? Theme.accent : Theme.barSoft
        size: Theme.title
        TapHandler { margin: 1.5 * Theme.unit; onTapped: app.turn(1) }
    }
}
