"""What the package ``vulkan`` raises, as errors of this program."""

from collections.abc import Iterator
from contextlib import contextmanager

import vulkan as vk

from vr.errors import NoGraphicsError, RuntimeLostError

_NO_MEMORY = "The GPU has no memory left for the wall. Close other programs that draw."


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what Vulkan refuses inside into an error with a sentence; a decorator too.

    Raises:
        NoGraphicsError: memory is used up, the GPU's or the machine's.
        RuntimeLostError: anything else; everything must be made anew.
    """
    try:
        yield
    except (vk.VkErrorOutOfDeviceMemory, vk.VkErrorOutOfHostMemory) as error:
        raise NoGraphicsError(_NO_MEMORY) from error
    except (vk.VkError, vk.VkException) as error:
        raise RuntimeLostError(f"The GPU stopped working ({type(error).__name__}); VR starts anew.") from error
