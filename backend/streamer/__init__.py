"""One streamer: the guest's picture and sound to every viewer, encoded once; keys and pointer back.

A picture: :mod:`source` -> :mod:`picture_loop` (pace, :mod:`convert`, :mod:`video_encoder`, :mod:`packetizer`) ->
:mod:`fan_out` -> :mod:`viewer`. A key: :mod:`viewer` -> :mod:`data_channels` -> :mod:`input_gate` -> guest.
Private names of aiortc and aioice are touched in :mod:`rtc` only. Knows nothing of backends or other instances.
"""
