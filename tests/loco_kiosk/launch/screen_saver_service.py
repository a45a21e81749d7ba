"""A screen saver service on the session bus: writes each call, and the end of each caller, on a line of its own."""

import sys

from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusServiceWatcher, QDBusVirtualObject


class ScreenSaver(QDBusVirtualObject):
    def introspect(self, path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:  # noqa: N802 - overrides Qt's
        print(message.member(), *message.arguments(), sep="|", flush=True)
        self.watcher = QDBusServiceWatcher(
            message.service(), connection, QDBusServiceWatcher.WatchModeFlag.WatchForUnregistration
        )
        self.watcher.serviceUnregistered.connect(lambda _name: print("gone", flush=True))
        return connection.send(message.createReply([7]))


def main() -> None:
    application = QCoreApplication(sys.argv)
    bus = QDBusConnection.sessionBus()
    saver = ScreenSaver()
    assert bus.registerVirtualObject("/org/freedesktop/ScreenSaver", saver)
    assert bus.registerService("org.freedesktop.ScreenSaver")
    print("ready", flush=True)
    application.exec()


if __name__ == "__main__":
    main()
