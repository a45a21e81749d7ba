"""The wall in a headset, by OpenXR: a process of its own, without Qt."""
