"""``--check``: the running kiosk measures itself by the way that a person would: keys in, pictures out.

:mod:`runner` presses and watches, :mod:`report` holds the figures, :mod:`verdict` judges them, :mod:`table` prints
them, :mod:`processes` asks the kernel what it cost, :mod:`command` puts them together.
"""
