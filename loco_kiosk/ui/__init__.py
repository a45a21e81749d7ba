"""The window: Qt Quick scene, frame presenter, sound output, and the one bridge to the media thread."""
