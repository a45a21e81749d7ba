"""The collector of reference cycles, kept out of the way of what must be quick.

Python's default looks at all young objects after each 700 that stay, and now and then at everything that there is: in a
program of 70 000 objects, most of them code, that is a pause of 20 to 100 ms just when much happens at once.
"""

import gc

YOUNG_OBJECTS = 10_000
"""Between two looks at the young: some MiB wait for them at most. Nearly all that we make is freed without them."""


def settle() -> None:
    """Call once, when what exists lives as long as the process: the collector does not look at that again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)
