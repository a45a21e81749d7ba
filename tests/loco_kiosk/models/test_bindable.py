from PySide6.QtCore import QObject, Signal

from loco_kiosk.models.bindable import bindable


class Thing(QObject):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.count = 3

    @bindable(int, notify=changed)
    def size(self) -> int:
        """Changes."""
        return self.count

    @bindable("QVariantMap")
    def words(self) -> dict[str, str]:
        """Never changes."""
        return {"a": "b"}


def test_python_and_qt_read_the_same() -> None:
    thing = Thing()
    assert thing.size == thing.property("size") == 3
    assert thing.words == thing.property("words") == {"a": "b"}


def test_qt_knows_which_signal_tells_of_a_change() -> None:
    meta = Thing().metaObject()
    size, words = (meta.property(meta.indexOfProperty(name)) for name in ("size", "words"))
    assert size.notifySignal().name() == b"changed"
    assert words.isConstant()
    assert not size.isWritable()
