import QtQuick
import QtMultimedia

// A guest's picture, drawn by the GPU from its YUV planes.
Item {
    id: picture
    property string scaling: "smooth"
    readonly property var screen: video.videoSink
    readonly property size guest: Qt.size(video.sourceRect.width, video.sourceRect.height)
    readonly property bool squares: scaling !== "smooth" && guest.width > 0
    // Sharp: each guest pixel repeated a whole number of times, then made to fit smoothly.
    readonly property bool sharp: squares && scaling === "sharp" && width > guest.width
    readonly property int times: sharp ? Math.min(4, Math.ceil(width * Screen.devicePixelRatio / guest.width)) : 1

    layer.enabled: sharp
    layer.smooth: true
    layer.textureSize: Qt.size(guest.width * times, guest.height * times)

    VideoOutput {
        id: video
        anchors.fill: parent
        fillMode: VideoOutput.Stretch
        layer.enabled: picture.squares
        layer.smooth: false
        layer.textureSize: picture.guest
    }
}
