"""What the kiosk starts and tells around itself: its embedded backend, the service manager, the screen saver."""
