"""OpenXR through pyopenxr: instance, session, frame loop, layers, actions. Nothing else imports ``xr`` but ``vr.graphics``."""
