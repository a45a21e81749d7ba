"""What the window shows, as Qt models over plain Python: selection, palette, wording. No drawing, no media."""
