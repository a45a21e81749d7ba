"""values.schema.json is closed: what it does not know, at any level, stops the installation with the place of it."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import helm_python
import pytest

from tests.helm.rendering import CHART, VALUES_FILES, Object, loaded, merged, values_of

OPEN = {"affinity", "valueFrom", "emulatorEgress", "extraManifests", "lanEgress", "extraVolumes"}
"""Objects of Kubernetes inside which the API server alone looks; the chart knows what they begin with."""
TURN = {"turn": {"enabled": True, "host": "turn.example"}, "ice": {"secret": {"name": "turn"}}}


def rejected(values: Object) -> str:
    with pytest.raises(helm_python.HelmValuesError) as caught:
        loaded().render(values, name="wall", namespace="arcade")
    return str(caught.value)


def maps(node: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the maps are that the schema describes."""
    if isinstance(node, dict):
        yield place
        for key, value in node.items():
            if key not in OPEN:
                yield from maps(value, (*place, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from maps(value, (*place, index))


@pytest.mark.parametrize("path", VALUES_FILES, ids=lambda path: path.stem)
def test_a_typo_at_any_level_is_rejected(path: Path) -> None:
    own, everything = values_of(path), merged(loaded().values, values_of(path))
    for place in maps(own or everything):
        values = copy.deepcopy(everything)
        node: Any = values
        for step in place:
            node = node[step]
        node["tpyo"] = {}
        with pytest.raises(helm_python.HelmValuesError, match="tpyo"):
            loaded().validate_schema(values)


def test_every_default_is_known_to_the_schema_and_nothing_else_is() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))

    def compare(values: Object, node: Object, place: str) -> None:
        while "$ref" in node or ("allOf" in node and "properties" not in node):
            part = node["$ref"] if "$ref" in node else node["allOf"][0]["$ref"]
            node = schema["definitions"][part.rpartition("/")[2]]
        if "properties" not in node or not values:
            return
        assert set(values) == set(node["properties"]) or place.endswith(("resources", "updateStrategy")), place
        for key, value in values.items():
            if isinstance(value, dict):
                compare(value, node["properties"][key], f"{place}.{key}")

    compare(loaded().values, schema, "")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"replicas": 3}, "replicas"),
        ({"backend": {"replica": 3}}, "replica"),
        ({"backend": {"replicas": 0}}, "minimum"),
        ({"backend": {"replicas": "2"}}, "integer"),
        ({"emulator": {"replicas": -1}}, "minimum"),
        ({"lan": {"rooms": {"Yard": "*"}}}, "Yard"),
        ({"lan": {"rooms": {"yard": "0, 1"}}}, "/lan/rooms/yard"),
        ({"lan": {"settings": {"listen": "0.0.0.0:1"}}}, "listen"),
        ({"lan": {"link": {"dial": ["attic.example:8491"]}}}, "/lan/link/dial"),
        ({"lan": {"link": {"site": "cellar", "service": {"enabled": True}}}}, "/lan/link/secretName"),
        ({"emulator": {"image": {"tag": "latest"}}}, "/emulator/image/tag"),
        ({"emulator": {"image": {"digest": "sha256:123"}}}, "/emulator/image/digest"),
        ({"emulator": {"image": {"repository": "Loco Kiosk"}}}, "/emulator/image/repository"),
        ({"emulator": {"image": {"pullPolicy": "Sometimes"}}}, "/emulator/image/pullPolicy"),
        ({"emulator": {"resources": {"limits": {"mem": "1Gi"}}}}, "mem"),
        ({"emulator": {"resources": {"limits": {"memory": "1 GB"}}}}, "/emulator/resources/limits/memory"),
        ({"emulator": {"maxUnavailable": 0}}, "/emulator/maxUnavailable"),
        ({"emulator": {"extraEnv": [{"name": "A"}]}}, "/emulator/extraEnv/0"),
        ({"emulator": {"extraEnv": [{"name": "A", "value": 1}]}}, "/emulator/extraEnv/0"),
        ({"emulator": {"extraVolumes": [{"name": "a", "hostPath": {"path": "/"}}]}}, "hostPath"),
        ({"emulator": {"podAnnotations": {"a": 1}}}, "/emulator/podAnnotations/a"),
        ({"emulator": {"tolerations": [{"efect": "NoSchedule"}]}}, "efect"),
        ({"guest": {"settings": {"memory": 64}}}, "memory"),
        ({"guest": {"settings": {"memory_mib": -1}}}, "minimum"),
        ({"guest": {"settings": {"sound": "sb32"}}}, "/guest/settings/sound"),
        ({"guest": {"settings": {"image": "/x"}}}, "image"),
        ({"guest": {"disk": {"source": "floppy"}}}, "/guest/disk/source"),
        ({"guest": {"disk": {"source": "nfs", "nfs": {"server": "s", "path": "/p"}}}}, "/guest/disk/file"),
        ({"guest": {"disk": {"source": "nfs", "file": "a"}}}, "/guest/disk/nfs"),
        ({"guest": {"disk": {"source": "claim", "file": "a"}}}, "/guest/disk/claim/name"),
        ({"guest": {"disk": {"source": "hostPath", "file": "a"}}}, "/guest/disk/hostPath/path"),
        ({"guest": {"disk": {"source": "csi", "file": "a"}}}, "/guest/disk/csi"),
        ({"guest": {"disk": {"source": "image", "file": "a", "image": {"repository": "r"}}}}, "/guest/disk/image"),
        ({"guest": {"disk": {"file": "a"}}}, "/guest/disk/file"),
        ({"guest": {"state": {"whenScaled": "Keep"}}}, "/guest/state/whenScaled"),
        ({"instances": {"one": {"name": "a"}}}, "one"),
        ({"instances": {"1": {"title": "a"}}}, "title"),
        ({"instances": {"1": {"guest": {"memory": 1}}}}, "memory"),
        ({"streamer": {"settings": {"quantiser": 1}}}, "quantiser"),
        ({"streamer": {"settings": {"listen": "0.0.0.0:1"}}}, "listen"),
        ({"backend": {"settings": {"port": 1}}}, "port"),
        ({"backend": {"service": {"type": "ExternalName"}}}, "/backend/service/type"),
        ({"ingress": {"enabled": True}}, "/ingress/hosts"),
        ({"ingress": {"hosts": ["https://wall.example"]}}, "/ingress/hosts/0"),
        ({"turn": {"enabled": True, "host": "turn.example"}}, "/ice/secret/name"),
        ({"turn": {"enabled": True}, "ice": {"secret": {"name": "turn"}}}, "/turn/host"),
        (merged(TURN, {"turn": {"image": {"tag": ""}}}), "/turn/image"),
        ({"ice": {"turn": ["turn.example:3478"]}}, "/ice/turn/0"),
        ({"ice": {"turn": ["turn:turn.example"]}}, "/ice/secret/name"),
        ({"networkPolicy": {"kiosks": ["192.168.0.0"]}}, "/networkPolicy/kiosks/0"),
        ({"networkPolicy": {"metricsFrom": [{}]}}, "/networkPolicy/metricsFrom/0"),
        ({"security": {"userId": 0}}, "minimum"),
        ({"global": {"imageRegistry": "https://registry.example"}}, "/global/imageRegistry"),
        ({"serviceMonitor": {"interval": "15"}}, "/serviceMonitor/interval"),
    ],
    ids=str,
)
def test_a_bad_value_is_rejected_with_its_place(values: Object, words: str) -> None:
    assert words in rejected(values)
