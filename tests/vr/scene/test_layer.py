import dataclasses

from tests.vr.stage.canvases import CanvasOfMemory
from vr.scene.geometry import ORIGIN, Placement
from vr.scene.layer import Layer


def test_a_layer_stands_in_the_room_unless_it_says_otherwise() -> None:
    layer = Layer(CanvasOfMemory(4, 3), Placement(ORIGIN, 1.0, 1.0, None), opaque=True)
    assert not layer.head_locked
    assert dataclasses.replace(layer, head_locked=True).head_locked
