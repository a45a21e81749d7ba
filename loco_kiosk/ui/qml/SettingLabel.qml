import QtQuick
import "."

// Name of a setting, and what it is for.
Column {
    id: label
    property string title
    property string help
    Text {
        text: label.title
        color: Theme.paperInk
        font { pixelSize: Theme.body; weight: Font.Bold }
    }
    Text {
        width: parent.width
        text: label.help
        color: Theme.paperSoft
        wrapMode: Text.Wrap
        font.pixelSize: Theme.small
    }
}
