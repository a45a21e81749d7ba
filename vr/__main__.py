"""``python -m vr`` is ``loco-vr``."""

import sys

from vr.app import main

if __name__ == "__main__":
    sys.exit(main())
