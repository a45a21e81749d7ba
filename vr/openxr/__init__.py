"""OpenXR through pyopenxr: instance, session, frame loop, layers, actions. Only here and in ``graphics`` is it imported."""
