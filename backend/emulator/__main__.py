"""``python -m backend.emulator``: the same as ``loco-emulator``."""

import sys

from backend.emulator.app import main

if __name__ == "__main__":
    sys.exit(main())
