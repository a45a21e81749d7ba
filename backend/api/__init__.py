"""The HTTP server of the backend: routes, events, limits, health, metrics, and its OpenAPI document.

Handlers translate between HTTP and the registry, the broker and the source; decisions are made there.
"""
