"""``python -m backend.lan``."""

import sys

from backend.lan.app import main

sys.exit(main())
