"""How the wall looks and what it says, shared by the window and the headset: colours, outlines, words. No Qt."""
