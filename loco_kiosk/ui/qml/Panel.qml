import QtQuick
import "."

// A sheet of paper over the scene. Its content is made when it opens and gone when it closes.
Item {
    id: panel
    required property string name
    default property Component content
    readonly property bool open: app.panel === name

    anchors.fill: parent
    visible: open

    Rectangle {
        anchors.fill: parent
        color: Qt.alpha(Theme.stage, 0.72)
        TapHandler { gesturePolicy: TapHandler.WithinBounds; onTapped: app.command(panel.name) }
    }
    Rectangle {
        anchors.centerIn: parent
        width: loader.width + 12 * Theme.unit
        height: loader.height + 10 * Theme.unit
        color: Theme.paper
        TapHandler { gesturePolicy: TapHandler.WithinBounds }

        Brick { anchors.bottom: parent.top; width: parent.width; height: 2 * Theme.unit; colour: Theme.accent; studs: 20 }
        Loader {
            id: loader
            anchors.centerIn: parent
            active: panel.open
            sourceComponent: panel.content
        }
        Icon {
            anchors { right: parent.right; top: parent.top; margins: 2.4 * Theme.unit }
            name: "close"
            colour: Theme.paperSoft
            size: Theme.title
            TapHandler { margin: 2 * Theme.unit; onTapped: app.command(panel.name) }
        }
    }
}
