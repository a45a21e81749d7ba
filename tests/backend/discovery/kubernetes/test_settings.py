from dataclasses import fields
from pathlib import Path

import pytest

from backend.contract.errors import SettingsError
from backend.contract.events import DiscoveryState
from backend.contract.instance import InstanceState
from backend.contract.settings import load_section
from backend.discovery.kubernetes.settings import KubernetesSettings


def read(table: dict[str, object], environment: dict[str, str] | None = None) -> KubernetesSettings:
    return load_section(KubernetesSettings, "kubernetes", {"kubernetes": table}, environment=environment or {})


def test_the_variables_of_a_pod_come_before_the_file() -> None:
    environment = {"LOCO_KUBERNETES_SERVICE": "yard-loco-emulator", "LOCO_KUBERNETES_STRICT_TLS": "true"}
    settings = read({"service": "other", "namespace": "wall", "kubeconfig": "/etc/kube"}, environment)
    assert (settings.service, settings.namespace, settings.strict_tls) == ("yard-loco-emulator", "wall", True)
    assert settings.kubeconfig == Path("/etc/kube")


def test_a_cluster_that_breaks_the_letter_of_rfc_5280_works_by_default() -> None:
    assert read({}).strict_tls is False


@pytest.mark.parametrize(
    ("table", "words"), [({"servce": "x"}, "did you mean 'service'"), ({"lost_after_s": 0}, "at least 1")]
)
def test_a_mistake_is_answered_with_what_to_write(table: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read(table)


def test_every_setting_says_what_it_is_for() -> None:
    assert all(len(field.metadata["help"]) > 20 for field in fields(KubernetesSettings))


def test_the_page_on_discovery_has_every_setting_as_it_is_and_every_state() -> None:
    page = (Path(__file__).resolve().parents[4] / "docs" / "discovery.md").read_text()
    for field in fields(KubernetesSettings):
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default or "")
        shown = f"`{default}`" if default else ""
        assert f"| `{field.name}` | {shown} | {field.metadata['help']} |" in page
    for state in (*InstanceState, *DiscoveryState):
        assert f"`{state.value}`" in page
