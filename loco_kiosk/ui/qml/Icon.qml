import QtQuick
import QtQuick.Shapes
import "."

// One of `outlines` in one colour.
Item {
    id: icon
    required property string name
    property color colour: "white"
    property real size: Theme.body

    implicitWidth: size
    implicitHeight: size

    Shape {
        width: 24
        height: 24
        scale: icon.size / 24
        transformOrigin: Item.TopLeft
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            strokeWidth: -1
            fillColor: icon.colour
            fillRule: ShapePath.OddEvenFill
            PathSvg { path: outlines[icon.name] ?? "" }
        }
    }
}
