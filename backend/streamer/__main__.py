"""``python -m backend.streamer``."""

import sys

from backend.streamer.app import main

sys.exit(main())
