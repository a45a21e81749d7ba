"""The rows of the overlay: what is measured of one stream, in words. A row may name the series of its graph."""

from collections.abc import Mapping

from loco_kiosk.client.tile import TileView

Row = dict[str, str]


def rows(view: TileView, presented_fps: float, swap_ms: float | None, screen_drops: Mapping[str, int]) -> list[Row]:
    """All rows."""
    return [
        _row("Picture", picture(view)),
        *([_row("Reduced", view.quality_reason)] if view.quality_reason else []),
        _row("Shown", f"{presented_fps:.1f} of {view.fps:.1f} fps", "shown_fps"),
        _row("Capture to decoded", ms(view.delay_ms), "delay_ms"),
        *(_row(f"· {name}", ms(value), f"stage_{name}_ms") for name, value in view.stages_ms.items()),
        _row("Capture to screen", ms(swap_ms), "swap_ms"),
        _row("Key to picture", ms(view.key_to_picture_ms), "key_to_picture_ms"),
        _row("Freezes", freezes(view)),
        _row("Bit rate", bit_rate(view.bit_rate_bps), "bit_rate_bps"),
        _row("Loss", percent(view.loss), "loss"),
        _row("Jitter", ms(view.jitter_ms), "jitter_ms"),
        _row("Round trip", ms(view.round_trip_ms), "round_trip_ms"),
        _row("Queue on the way", ms(view.path_delay_ms), "path_delay_ms"),
        _row("Sound waiting", ms(view.sound_buffer_ms), "sound_buffer_ms"),
        *(_row(label, value) for label, value in drop_rows({**view.drops, **screen_drops})),
    ]


def picture(view: TileView) -> str:
    """Size of the guest's screen, of the picture where that is another, and whether colours are exact."""
    if not view.width_px:
        return "none yet"
    size = f"{view.width_px} x {view.height_px}"
    sent = (view.picture_width_px, view.picture_height_px)
    if all(sent) and sent != (view.width_px, view.height_px):
        size += f", sent {sent[0]} x {sent[1]}"
    return f"{size}, 4:4:4" if view.pixel_exact else size


def freezes(view: TileView) -> str:
    """How often, and the longest."""
    return f"{view.freezes}, longest {seconds(view.longest_freeze_ms)}" if view.freezes else "none"


def drop_rows(drops: Mapping[str, int]) -> list[tuple[str, str]]:
    """Dropped pictures and packets by cause; one reassuring row where there are none."""
    found = [(f"Dropped: {cause.replace('_', ' ')}", str(count)) for cause, count in sorted(drops.items()) if count]
    return found or [("Dropped", "none")]


def ms(value: float | None) -> str:
    """Milliseconds."""
    if value is None:
        return "not measured"
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"


def seconds(value_ms: float) -> str:
    """Milliseconds that may be many."""
    return f"{value_ms:.0f} ms" if value_ms < 1000 else f"{value_ms / 1000:.1f} s"


def percent(share: float) -> str:
    """A part of 1."""
    return f"{share * 100:.1f} %"


def bit_rate(bps: float) -> str:
    """Bits a second."""
    return f"{bps / 1e6:.1f} Mbit/s" if bps >= 1_000_000 else f"{bps / 1e3:.0f} kbit/s"


def _row(label: str, value: str, series: str = "") -> Row:
    return {"label": label, "value": value, "series": series}
