"""The numbers of one tile, collected from its link and its meters."""

from collections import Counter
from collections.abc import Mapping

from backend.contract.instance import Instance
from loco_kiosk.client.link import Link
from loco_kiosk.client.meters import PictureMeter, RateMeter
from loco_kiosk.client.tile import Condition, TileView


class Readings:
    """Rates over the last second; one for each session."""

    def __init__(self) -> None:
        self._octets = RateMeter()
        self._expected = RateMeter()
        self._packets = RateMeter()
        self._decoding = RateMeter()
        self._decoded = RateMeter()

    def view(
        self,
        instance: Instance,
        state: Condition,
        link: Link | None,
        pictures: PictureMeter,
        drops: Mapping[str, int],
        *,
        level_dbfs: float,
        sound_buffer_ms: float,
        now_us: int,
    ) -> TileView:
        """Everything that the UI shows of the instance."""
        if link is None:
            return TileView(
                slot=instance.slot,
                id=instance.id,
                name=instance.name,
                state=state.state,
                reason=state.reason,
                next_step=state.next_step,
                level_dbfs=level_dbfs,
                drops=dict(drops),
            )
        facts, statistics, rendition = link.facts, link.peer.video.statistics, link.facts.rendition
        return TileView(
            slot=instance.slot,
            id=instance.id,
            name=instance.name,
            state=state.state,
            reason=state.reason,
            next_step=state.next_step,
            fps=pictures.fps(now_us),
            delay_ms=pictures.delay_ms(now_us),
            level_dbfs=level_dbfs,
            holder=facts.control.holder_name if facts.control and facts.control.holder is not None else "",
            mine=facts.control.yours if facts.control else False,
            viewers=facts.control.viewers if facts.control else 0,
            pointer=link.pointer,
            width_px=facts.format.width_px if facts.format else 0,
            height_px=facts.format.height_px if facts.format else 0,
            probe=facts.hello.probe if facts.hello else None,
            bit_rate_bps=round(8 * self._octets.per_second(statistics.octets, now_us)),
            loss=self._loss(link, now_us),
            jitter_ms=statistics.jitter_ms,
            round_trip_ms=(link.clock.round_trip_us or 0) / 1000.0,
            stages_ms=self._stages(link, pictures, now_us),
            drops=_all_drops(link, drops),
            picture_width_px=rendition.width_px if rendition else 0,
            picture_height_px=rendition.height_px if rendition else 0,
            pixel_exact=rendition.pixel_exact if rendition else False,
            quality_reason=rendition.reason if rendition else "",
            freezes=pictures.freezes,
            frozen_ms=pictures.frozen_ms,
            longest_freeze_ms=pictures.longest_freeze_ms,
            path_delay_ms=link.path.delay_ms if link.path else 0.0,
            sound_buffer_ms=sound_buffer_ms,
            key_to_picture_ms=link.keys.last_ms,
        )

    def _loss(self, link: Link, now_us: int) -> float:
        statistics = link.peer.video.statistics
        expected = self._expected.per_second(statistics.expected, now_us)
        received = self._packets.per_second(statistics.packets, now_us)
        return max(0.0, min(1.0, (expected - received) / expected)) if expected > 0 else 0.0

    def _stages(self, link: Link, pictures: PictureMeter, now_us: int) -> dict[str, float]:
        stages = dict(link.facts.statistics.stages_ms) if link.facts.statistics else {}
        decoded = self._decoded.per_second(link.peer.video.pictures, now_us)
        decoding_us = self._decoding.per_second(link.peer.video.decode_us, now_us)
        if decoded > 0:
            stages["decode"] = decoding_us / decoded / 1000.0
            if (whole_ms := pictures.delay_ms(now_us)) is not None:
                stages["network"] = max(0.0, whole_ms - sum(stages.values()))
        return stages


def _all_drops(link: Link, before: Mapping[str, int]) -> dict[str, int]:
    counts = Counter(before)
    counts.update(link.drops)
    counts.update(link.peer.video.losses())
    counts.update({f"sound: {cause}": count for cause, count in link.peer.audio.drops.items()})
    if link.facts.statistics:
        counts.update({f"streamer: {cause}": count for cause, count in link.facts.statistics.drops.items()})
    if again := link.peer.insistence.repeats:
        counts["keys said again"] += again
    if refused := link.peer.unreadable_packets():
        counts["unreadable packet"] += refused
    return dict(counts)
