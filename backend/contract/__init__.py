"""Ground floor, standard library only: what crosses a process border, and the shapes every process shares.

The wire: :mod:`instance`, :mod:`events`, :mod:`control`, :mod:`input`, :mod:`keys`, :mod:`problem`, :mod:`routes`.
The house: :mod:`settings`, :mod:`logs`, :mod:`retry`, :mod:`tasks`. What does I/O of its own does not belong here.
"""
