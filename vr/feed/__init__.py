"""Where pictures, sound and news come from, and where commands go: the VR process's end of a feed."""
