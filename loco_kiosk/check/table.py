"""The report as text for a terminal. Pure."""

from collections.abc import Iterable, Sequence

from loco_kiosk.check.report import Figure, ProcessCost, Report, TileResult

_TILE_HEAD = ("tile", "state", "fps", "key to picture ms", "capture to swap ms", "freezes", "sound dBFS", "drops")
_PROCESS_HEAD = ("process", "count", "cpu s", "cores", "rss MiB", "shared out MiB")
_NUMBERS = frozenset({"fps", "sound dBFS", "count", "cpu s", "cores", "rss MiB", "shared out MiB"})


def text(report: Report, problems: Sequence[str]) -> str:
    """Tiles, processes, platform and verdict."""
    parts = [
        f"Loco Kiosk check, {report.seconds:.1f} s. Figures of milliseconds: median / 95th percentile (count).",
        _grid(_TILE_HEAD, (_tile(tile) for tile in report.tiles)),
        f"Key to picture of all tiles, ms: {_figure(report.key_to_picture)}",
        _grid(_PROCESS_HEAD, _processes(report)),
        "\n".join(f"{name}: {value}" for name, value in report.platform.items()),
        _verdict(problems),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _tile(tile: TileResult) -> tuple[str, ...]:
    return (
        tile.id,
        tile.state.value,
        f"{tile.fps_presented:.1f}",
        _figure(tile.key_to_picture),
        _figure(tile.capture_to_swap),
        f"{tile.freezes} ({tile.frozen_ms:.0f} ms)" if tile.freezes else "none",
        f"{tile.audio_dbfs:.0f}",
        ", ".join(f"{cause} {count}" for cause, count in sorted(tile.drops.items())) or "none",
    )


def _figure(figure: Figure) -> str:
    return "-" if figure.p50 is None or figure.p95 is None else f"{figure.p50:.1f} / {figure.p95:.1f} ({figure.n})"


def _processes(report: Report) -> Iterable[tuple[str, ...]]:
    roles = dict.fromkeys(process.role for process in report.processes)
    groups = [(role, [process for process in report.processes if process.role == role]) for role in roles]
    for name, members in [*groups, ("all", list(report.processes))]:
        if members:
            yield _group(name, members, report.seconds)


def _group(name: str, members: Sequence[ProcessCost], seconds: float) -> tuple[str, ...]:
    cpu_s = sum(process.cpu_s for process in members)
    return (
        name,
        str(len(members)),
        f"{cpu_s:.2f}",
        f"{cpu_s / seconds:.2f}" if seconds > 0 else "-",
        f"{sum(process.rss_mib for process in members):.0f}",
        f"{sum(process.pss_mib for process in members):.0f}",
    )


def _verdict(problems: Sequence[str]) -> str:
    if not problems:
        return "PASSED: every expected tile was live and answered."
    return "FAILED:\n" + "\n".join(f"  - {sentence}" for sentence in problems)


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, *rows]
    if len(lines) == 1:
        return ""
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
            for name, cell, width in zip(head, line, widths, strict=True)
        ).rstrip()
        for line in lines
    )
