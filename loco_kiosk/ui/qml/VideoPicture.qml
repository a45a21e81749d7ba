import QtQuick
import QtMultimedia

// A guest's picture, drawn by the GPU from its YUV planes.
VideoOutput {
    property bool sharp: false
    readonly property var screen: videoSink

    fillMode: VideoOutput.Stretch
    layer.enabled: sharp
    layer.smooth: false
    layer.textureSize: Qt.size(sourceRect.width, sourceRect.height)
}
