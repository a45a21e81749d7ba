"""The desktop program: a wall of live emulators with sound, keyboard and mouse."""
