import ctypes

import pytest

from backend.streamer import libyuv


def test_a_system_without_the_library_is_told_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    caplog.set_level("INFO")
    libyuv.library.cache_clear()
    try:
        assert libyuv.library() is None
        assert libyuv.library() is None
    finally:
        libyuv.library.cache_clear()
    (record,) = [record for record in caplog.records if "libyuv is missing" in record.getMessage()]
    assert "swscale" in record.getMessage()
