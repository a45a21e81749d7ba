"""Introduces viewers to streamers: WHEP requests are forwarded to the streamer of the instance.

Media never passes here. No discovery and no HTTP server code: :mod:`backend.api` calls the broker.
"""
