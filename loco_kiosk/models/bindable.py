"""Qt properties that type checkers understand: PySide's own stub makes every one of them a ``Property``."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, cast

from PySide6.QtCore import Property, Signal

Value_co = TypeVar("Value_co", covariant=True)
Value = TypeVar("Value")


class Bindable(Protocol, Generic[Value_co]):
    """What reading the attribute gives."""

    def __get__(self, owner: object, kind: type | None = None) -> Value_co:
        """The value."""


def bindable(kind: type | str, *, notify: Signal | None = None) -> Callable[[Callable[[Any], Value]], Bindable[Value]]:
    """Make a getter a read-only property of QML; without ``notify`` it never changes."""
    options: dict[str, Any] = {"constant": True} if notify is None else {"notify": notify}

    def decorate(getter: Callable[[Any], Value]) -> Bindable[Value]:
        return cast("Bindable[Value]", Property(kind, getter, **options))  # type: ignore[arg-type]  # a name works too

    return decorate
