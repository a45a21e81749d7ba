import QtQuick
import "."

// Where things are in a tile that grows from its cell to the window by `zoom`.
Item {
    id: place
    required property rect cell
    required property size stage
    required property int guestWidth
    required property int guestHeight
    property real zoom: 0
    readonly property real frame: Math.round(Theme.unit)
    // A cell as narrow as its picture has no room for words beside it: the picture gives some height to a foot.
    readonly property bool narrow: cell.width - 4 * (cell.height - 2 * frame) / 3 < 28 * Theme.unit
    readonly property real foot: narrow ? Math.round(7 * Theme.unit) : 0
    readonly property int boxUnits: Math.floor((cell.height - 2 * frame - foot) / 3)
    readonly property rect box: Qt.rect(frame, frame, 4 * boxUnits, 3 * boxUnits)
    // Box and picture in tile coordinates; in the zoomed tile these are the window's.
    readonly property rect screen: between(box, Qt.rect(0, 0, stage.width, stage.height), zoom)
    readonly property rect picture: between(fitted(box, false),
                                            fitted(Qt.rect(0, 0, stage.width, stage.height), settings.scaling === "integer"), zoom)

    function between(a: rect, b: rect, t: real): rect {
        return Qt.rect(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t,
                       a.width + (b.width - a.width) * t, a.height + (b.height - a.height) * t)
    }
    // As large as fits, centred; by whole multiples of guest pixels, on the screen's own pixels, where asked for and at
    // least one fits.
    function fitted(area: rect, whole: bool): rect {
        const ratio = Screen.devicePixelRatio
        const scale = Math.min(area.width / guestWidth, area.height / guestHeight)
        const used = whole && scale * ratio >= 1 ? Math.floor(scale * ratio + 1e-6) / ratio : scale
        const snap = value => Math.round(value * ratio) / ratio
        const w = snap(guestWidth * used), h = snap(guestHeight * used)
        return Qt.rect(snap(area.x + (area.width - w) / 2), snap(area.y + (area.height - h) / 2), w, h)
    }
}
