"""The viewer, without Qt: finds a backend, follows its roster and keeps one WebRTC session open per instance."""
