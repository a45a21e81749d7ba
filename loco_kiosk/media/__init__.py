"""The receive path, without Qt: RTP in, decoded pictures to a sink and sound to a mixer, in one asyncio thread.

A datagram is unprotected, ordered and decoded inline in the event loop; nothing waits in a queue. What crosses to other
threads is the newest picture of each tile (:class:`loco_kiosk.media.frames.FrameSink`) and the mixer's rings.
"""
