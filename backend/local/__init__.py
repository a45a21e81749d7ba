"""The embedded cluster: guests and streamers as processes of this machine, Linux only.

It is a discovery source like any other, and starts the same emulators and streamers that run in pods elsewhere. Every
child dies with its parent, also by ``kill -9``: util-linux' setpriv asks the kernel for that (``PR_SET_PDEATHSIG``).
"""
