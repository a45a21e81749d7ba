import QtQuick
import "."

// The whole scene. `app`, `wall`, `sound`, `news`, `settings`, `walls`, `headset`, `quality`, `lan`, `presenter`, `colours`,
// `outlines` are set by window.py.
Item {
    id: main
    width: 1280
    height: 720

    // 0: grid, 1: one tile fills the window. Everything that moves on zooming is bound to it.
    property real zoom: app.zoomed ? 1 : 0
    Behavior on zoom { NumberAnimation { duration: Theme.zoomMs; easing.type: Easing.OutCubic } }

    // Read by the input filter: where the guest's picture is once it rests, and what lies over it.
    readonly property rect picture: zoom === 1 ? grid.zoomedPicture : Qt.rect(0, 0, 0, 0)
    readonly property rect corner: zoomBars.corner
    readonly property rect tools: zoomBars.tools

    Binding { target: Theme; property: "unit"; value: Math.min(main.width / 240, main.height / 135) }
    Binding { target: Theme; property: "animated"; value: settings.animations }

    Image {
        anchors.fill: parent
        visible: main.zoom < 1
        source: "image://loco/plate/" + Math.round(2.9 * Theme.unit)
        fillMode: Image.Tile
        smooth: false
    }

    TileGrid {
        id: grid
        objectName: "grid"
        anchors.fill: parent
        zoom: main.zoom
        head: topBar.height
        foot: bottomBar.height
    }

    TopBar {
        id: topBar
        width: parent.width
        y: -height * main.zoom
        visible: main.zoom < 1
    }
    BottomBar {
        id: bottomBar
        width: parent.width
        y: main.height - height * (1 - main.zoom)
        visible: main.zoom < 1
    }

    ZoomBars {
        id: zoomBars
        objectName: "zoomBars"
        anchors.fill: parent
        visible: main.zoom > 0
        opacity: main.zoom
        picture: grid.zoomedPicture
    }
    Overlay {
        visible: app.overlay
        zoom: main.zoom
        pillar: grid.zoomedPicture.x
        head: topBar.height
    }

    BackendNotice { anchors.fill: parent }

    Panel { name: "help"; Help {} }
    Panel { name: "settings"; SettingsPage {} }
    Panel { name: "keys"; SpecialKeysMenu {} }
    Panel { name: "machines"; MachinesPage {} }
    Panel { name: "quality"; QualityPage {} }
    Panel { name: "lan"; LanPage {} }
    Panel { name: "walls"; WallsPage {} }
    Panel { name: "recover"; RecoverPage {} }
    BlockedNotice { anchors.fill: parent; visible: news.blocked !== "" }
}
