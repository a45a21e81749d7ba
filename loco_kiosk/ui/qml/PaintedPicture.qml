import LocoKiosk

// A guest's picture, painted by the processor where there is no GPU: only the tile that changed is drawn anew.
PaintedVideo {
    readonly property var screen: this

    fillColor: "#0c1118"
}
