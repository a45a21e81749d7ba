import QtQuick
import "."

// One square a page; the filled one shows now.
Row {
    spacing: Theme.unit
    Repeater {
        model: app.pages
        Rectangle {
            required property int index
            width: 3 * Theme.unit
            height: width
            color: index === app.page ? Theme.accent : "transparent"
            border { width: Theme.line; color: Theme.accent }
            TapHandler { margin: Theme.unit; onTapped: app.turn(parent.index - app.page) }
        }
    }
}
