import QtQuick
import "."

// What is too tall for its place: drag it or turn the wheel; a bar on the right tells where one is.
Item {
    id: area
    default property alias content: flick.flickableData
    readonly property real inside: flick.contentItem.childrenRect.height
    // What shows of it. Icons outside must hide by themselves: without a GPU, Qt does not clip shapes.
    readonly property real from: flick.contentY
    readonly property real to: from + height

    Flickable {
        id: flick
        anchors.fill: parent
        clip: true
        contentHeight: area.inside
        boundsBehavior: Flickable.StopAtBounds
    }
    Rectangle {
        visible: area.inside > area.height + 1
        anchors.right: parent.right
        width: Math.max(3, 0.8 * Theme.unit)
        height: parent.height
        color: Theme.button
        Rectangle {
            width: parent.width
            y: flick.visibleArea.yPosition * parent.height
            height: flick.visibleArea.heightRatio * parent.height
            color: Theme.paperSoft
        }
    }
}
