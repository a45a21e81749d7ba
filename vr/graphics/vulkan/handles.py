"""Vulkan's handles and structures: the package ``vulkan`` makes them by cffi, OpenXR wants them by ctypes."""

import ctypes
from typing import Any, TypeAlias

import vulkan as vk

Handle: TypeAlias = Any
"""A handle, pointer or structure of cffi, which has no types that a checker knows."""


def address(handle: Handle) -> int:
    """A handle as a number."""
    return int(vk.ffi.cast("uintptr_t", handle))


def as_field(structure: type[ctypes.Structure], field: str, handle: Handle) -> ctypes.c_void_p:
    """A handle as the pointer type that this field of an OpenXR structure has."""
    types: dict[str, Any] = {name: kind for name, kind, *_ in structure._fields_}
    found: ctypes.c_void_p = ctypes.cast(address(handle), types[field])
    return found


def from_xr(kind: str, pointer: ctypes.c_void_p) -> Handle:
    """A handle that OpenXR gave, as the ``kind`` that Vulkan's functions take."""
    return vk.ffi.cast(kind, ctypes.cast(pointer, ctypes.c_void_p).value)
