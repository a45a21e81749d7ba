"""OpenXR through pyopenxr, which only this room and ``graphics`` import: sessions, frames, layers, actions."""
