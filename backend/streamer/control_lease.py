"""Who has keyboard and mouse: first come, first served."""


class ControlLease:
    """At most one session holds control. Nobody waits in line: who finds it taken asks again when it is free."""

    def __init__(self) -> None:
        self.holder: str | None = None

    def request(self, session: str) -> bool:
        """Take control if it is free; True when ``session`` holds it afterwards."""
        if self.holder is None:
            self.holder = session
        return self.holder == session

    def release(self, session: str) -> bool:
        """Give control back; False when ``session`` did not hold it."""
        if self.holder != session:
            return False
        self.holder = None
        return True
