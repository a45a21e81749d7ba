"""Finds the instances, keeps the one list of them, and follows the health of each.

Sources (:mod:`source`, :mod:`static_file`; the local cluster is one too) tell what exists. The :mod:`registry` owns the
list and its revisions. Followers (:mod:`follower`) ask each streamer how its guest is. No HTTP server code here.
"""
