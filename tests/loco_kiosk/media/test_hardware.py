"""No machine of ours has such a device: stand-ins take its place, and what is real here is that there is none."""

import time

import pytest
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from loco_kiosk.media import hardware
from loco_kiosk.media.decoder import Decoder

processor_open = Decoder.open
processor_decode = Decoder.decode


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """By name: ``slow`` takes 3 ms more than the processor, ``quick`` 10 less, ``wrong`` shows something else."""

    def open_any(device: str | None) -> VideoCodecContext:
        if device == "absent":
            raise NotImplementedError("no such device")
        return processor_open(None)

    def decode(decoder: Decoder, data: bytes) -> VideoFrame | None:
        device = decoder._device
        if device == "late":
            return None
        frame = processor_decode(decoder, data)
        time.sleep({"slow": 0.013, None: 0.01}.get(device, 0))
        if device == "wrong" and frame is not None:
            frame = VideoFrame(frame.width, frame.height, "yuv420p")
        return frame

    monkeypatch.setattr(Decoder, "open", staticmethod(open_any))
    monkeypatch.setattr(Decoder, "decode", decode)


def test_without_hardware_the_processor_decodes_and_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "_clip", lambda: pytest.fail("there is nothing to try"))
    assert hardware.quickest(["no such device"]) is None
    assert hardware.quickest([]) is None


def test_only_devices_that_know_the_codec_are_named() -> None:
    assert set(hardware.devices()) <= {
        "cuda",
        "vaapi",
        "vdpau",
        "videotoolbox",
        "d3d11va",
        "d3d12va",
        "dxva2",
        "vulkan",
    }


@pytest.mark.usefixtures("stand_ins")
@pytest.mark.parametrize(
    ("devices", "chosen"),
    [
        (["slow"], None),
        (["wrong"], None),
        (["late"], None),
        (["absent"], None),
        (["slow", "absent", "quick", "wrong"], "quick"),
    ],
)
def test_a_device_is_used_only_where_it_is_quicker_and_right(devices: list[str], chosen: str | None) -> None:
    assert hardware.quickest(devices) == chosen
