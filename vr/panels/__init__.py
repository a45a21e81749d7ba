"""What the headset shows beside the pictures, drawn by Pillow into RGBA arrays: only when something changed.

A panel is drawn for 25 pixels per degree of view, what a common headset shows in its middle; its ``ANGLE_DEG`` says how
wide it should look then. Alpha is straight, not multiplied into the colours.
"""
