"""The headless half: discovery, signaling, streamers and emulators. Never imports Qt, ``loco_kiosk`` or ``vr``."""
