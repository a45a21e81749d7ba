"""Finds the instances, keeps the one list of them, and follows the health of each.

Sources tell what exists: :mod:`kubernetes`, :mod:`static_file`, and the local cluster. The :mod:`registry` owns the
list, its revisions, and how far it can be trusted. Followers (:mod:`follower`) ask each streamer how its guest is;
:mod:`condition` makes one state of both, :mod:`health` a score. No HTTP server code here.
"""
