import av
import numpy as np
import pytest
from av.audio.codeccontext import AudioCodecContext

from backend.streamer.audio_encoder import AudioEncoder


@pytest.mark.parametrize("packet_ms", [10, 60])
def test_each_block_gives_one_packet_at_once_which_decodes_to_its_tone(packet_ms: int) -> None:
    encoder = AudioEncoder(packet_ms)
    assert encoder.block == 48 * packet_ms
    decoder = av.CodecContext.create("libopus", "r")
    assert isinstance(decoder, AudioCodecContext)
    decoder.sample_rate, decoder.layout = 48_000, "stereo"
    heard = []
    for block in range(20):
        position = np.arange(block * encoder.block, (block + 1) * encoder.block)
        wave = (np.sin(2 * np.pi * 500 * position / 48_000) * 9000).astype(np.int16)
        packet = encoder.encode(np.stack((wave, wave), axis=1))
        assert 10 < len(packet) < 800
        heard += [frame.to_ndarray().astype(float) for frame in decoder.decode(av.Packet(packet))]
    tone = np.concatenate([part.reshape(-1, 2)[:, 0] if part.shape[0] == 1 else part[0] for part in heard])[4800:]
    assert abs(np.abs(np.fft.rfft(tone)).argmax() * 48_000 / len(tone) - 500) < 5
