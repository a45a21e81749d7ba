"""``python -m loco_kiosk`` is ``loco-kiosk``."""

import sys

from loco_kiosk.app import main

if __name__ == "__main__":
    sys.exit(main())
