"""``python -m backend``: the same as ``loco-backend``."""

import sys

from backend.app import main

if __name__ == "__main__":
    sys.exit(main())
