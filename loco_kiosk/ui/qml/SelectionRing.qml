import QtQuick
import "."

// White in black: seen on every brick colour.
Item {
    readonly property real line: Math.max(3, Math.round(0.7 * Theme.unit))
    Rectangle {
        anchors { fill: parent; margins: -2 * parent.line }
        color: "transparent"
        border { width: parent.line; color: Theme.chip }
    }
    Rectangle {
        anchors { fill: parent; margins: -parent.line }
        color: "transparent"
        border { width: parent.line; color: "white" }
    }
}
