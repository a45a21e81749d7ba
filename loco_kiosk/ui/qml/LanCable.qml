import QtQuick
import "."

// The cable of one network: whoever hangs on it hears the others on it, and nobody else.
Item {
    id: cable
    required property var ports
    readonly property real pitch: Math.min(22 * Theme.unit, width / Math.max(1, ports.length))
    readonly property real badge: Math.min(5 * Theme.unit, pitch - Theme.unit)

    height: 11.5 * Theme.unit

    Brick {
        y: 1.1 * Theme.unit
        width: cable.ports.length * cable.pitch
        height: 1.6 * Theme.unit
        colour: Theme.accent
        studs: Math.max(1, 3 * cable.ports.length)
    }
    Repeater {
        model: cable.ports.length
        Item {
            id: place
            required property int index
            readonly property var port: cable.ports[index] ?? cable.ports[0]
            x: index * cable.pitch
            width: cable.pitch
            height: cable.height
            // A cut in the cord says that it is not connected.
            Rectangle {
                anchors.horizontalCenter: parent.horizontalCenter
                y: 2.7 * Theme.unit
                width: 2 * Theme.line
                height: (place.port.up ? 3.3 : 1.2) * Theme.unit
                color: place.port.up ? Theme.paperInk : Theme.paperSoft
            }
            Rectangle {
                anchors.horizontalCenter: parent.horizontalCenter
                y: 6 * Theme.unit
                width: cable.badge
                height: 5 * Theme.unit
                color: place.port.brick
                border { width: place.port.brick === "#e9edf2" ? Theme.line : 0; color: Theme.paperSoft }
                opacity: place.port.up ? 1 : 0.45
            }
            Text {
                anchors.horizontalCenter: parent.horizontalCenter
                y: 6 * Theme.unit
                height: 5 * Theme.unit
                verticalAlignment: Text.AlignVCenter
                text: place.port.number
                color: place.port.up ? place.port.ink : Theme.paperInk
                font { pixelSize: Theme.body; weight: Font.Black }
            }
        }
    }
}
