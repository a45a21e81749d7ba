import json
from pathlib import Path

import pytest
from kubernetes.aio.client import Configuration

from backend.discovery.kubernetes.credentials import KubeConfig, ServiceAccount, find, tls_files
from backend.discovery.kubernetes.errors import ClusterConfigError
from tests.fakes.kube_api.server import kubeconfig

IN_A_POD = {"KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"}


@pytest.fixture
def account(tmp_path: Path) -> Path:
    (tmp_path / "token").write_text("first\n")
    (tmp_path / "ca.crt").write_text("a certificate")
    (tmp_path / "namespace").write_text("wall")
    return tmp_path


async def test_a_pod_uses_its_service_account(account: Path) -> None:
    configuration = Configuration()
    credentials = ServiceAccount(account, IN_A_POD)
    await credentials.read(configuration)
    assert configuration.host == "https://10.96.0.1:443"
    assert credentials.namespace == "wall"
    assert configuration.api_key["BearerToken"].lower() == "bearer first"
    assert tls_files(configuration).authority == str(account / "ca.crt")


async def test_a_token_that_was_replaced_is_read_again(account: Path) -> None:
    configuration = Configuration()
    credentials = ServiceAccount(account, IN_A_POD)
    await credentials.read(configuration)
    (account / "token").write_text("second")
    await credentials.read(configuration)
    assert configuration.api_key["BearerToken"].lower() == "bearer second"


@pytest.mark.parametrize("missing", ["token", "ca.crt", "namespace"])
async def test_a_service_account_that_is_not_mounted_is_told_with_what_to_set(account: Path, missing: str) -> None:
    (account / missing).unlink()
    with pytest.raises(ClusterConfigError, match="automountServiceAccountToken"):
        await ServiceAccount(account, IN_A_POD).read(Configuration())


async def test_a_kubeconfig_gives_server_token_and_namespace(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text(kubeconfig("http://127.0.0.1:6443", token="word", namespace="wall"))
    configuration = Configuration()
    credentials = KubeConfig(file)
    await credentials.read(configuration)
    assert configuration.host == "http://127.0.0.1:6443"
    assert configuration.api_key["BearerToken"] == "Bearer word"
    assert credentials.namespace == "wall"


async def test_another_context_of_the_kubeconfig_can_be_chosen(tmp_path: Path) -> None:
    document = json.loads(kubeconfig("http://127.0.0.1:6443"))
    document["contexts"].append({"name": "other", "context": {"cluster": "fake", "namespace": "elsewhere"}})
    file = tmp_path / "config"
    file.write_text(json.dumps(document))
    credentials = KubeConfig(file, "other")
    await credentials.read(Configuration())
    assert credentials.namespace == "elsewhere"


async def test_a_kubeconfig_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ClusterConfigError, match=r"no kubeconfig .*nowhere"):
        await KubeConfig(tmp_path / "nowhere").read(Configuration())


@pytest.mark.parametrize("text", ["", "[]", "{", "a: [", "contexts: 5", '{"current-context": "x"}', "\x00"])
async def test_a_kubeconfig_that_is_none_is_refused_in_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config"
    file.write_text(text)
    with pytest.raises(ClusterConfigError, match="Cannot use the kubeconfig"):
        await KubeConfig(file).read(Configuration())


async def test_a_context_that_does_not_exist_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text(kubeconfig("http://127.0.0.1:6443"))
    with pytest.raises(ClusterConfigError, match="nonsense"):
        await KubeConfig(file, "nonsense").read(Configuration())


def test_a_kubeconfig_that_is_named_comes_before_the_pods_account(tmp_path: Path) -> None:
    assert isinstance(find(tmp_path / "config", "", IN_A_POD), KubeConfig)
    assert isinstance(find(None, "chosen", IN_A_POD), KubeConfig)
    assert isinstance(find(None, "", IN_A_POD), ServiceAccount)


def test_outside_of_a_pod_the_usual_kubeconfig_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config"
    file.write_text(kubeconfig("http://127.0.0.1:6443"))
    monkeypatch.setenv("KUBECONFIG", str(file))
    assert isinstance(find(None, "", {}), KubeConfig)


def test_where_there_is_no_cluster_it_says_what_to_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "nothing"))
    with pytest.raises(ClusterConfigError, match="--kubeconfig FILE"):
        find(None, "", {})
