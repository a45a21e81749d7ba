import ssl
from pathlib import Path

import pytest

from backend.discovery.kubernetes.api import KubeApi
from backend.discovery.kubernetes.credentials import KubeConfig
from backend.discovery.kubernetes.errors import ClusterConfigError, ConnectionLostError
from backend.discovery.kubernetes.statistics import Statistics
from backend.discovery.kubernetes.tls import TlsFiles, context_for
from tests.backend.discovery.kubernetes import certificates
from tests.backend.discovery.kubernetes.following import PODS
from tests.fakes.kube_api.server import KubeApiServer, kubeconfig, serving


async def listed(server: KubeApiServer, authority: Path, *, strict: bool = False) -> int:
    file = authority.with_name("kubeconfig")
    file.write_text(kubeconfig(server.url, authority=str(authority)))
    async with await KubeApi.sign_in(KubeConfig(file), Statistics(), strict_tls=strict) as api:
        answer = await api.get(PODS.path, {}, resource="pods", verb="list")
        return len(answer["items"])


async def test_the_authority_of_an_older_cluster_is_accepted_unless_strictness_is_asked_for(tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    async with serving(tls=made.server_context()) as server:
        assert await listed(server, made.authority) == 0
        with pytest.raises(ConnectionLostError, match="not trusted"):
            await listed(server, made.authority, strict=True)


async def test_a_server_of_another_authority_is_refused(tmp_path: Path) -> None:
    made, other = certificates.make(tmp_path / "one"), certificates.make(tmp_path / "other")
    async with serving(tls=made.server_context()) as server:
        with pytest.raises(ConnectionLostError, match="not trusted"):
            await listed(server, other.authority)


def test_a_file_that_is_no_certificate_is_told_by_its_name(tmp_path: Path) -> None:
    broken = tmp_path / "ca.crt"
    broken.write_text("nonsense")
    with pytest.raises(ClusterConfigError, match=r"ca\.crt"):
        context_for(TlsFiles(authority=str(broken)), strict=False)
    with pytest.raises(ClusterConfigError, match="nowhere"):
        context_for(TlsFiles(certificate=str(tmp_path / "nowhere")), strict=False)


def test_names_and_chain_are_checked_unless_the_kubeconfig_says_otherwise(caplog: pytest.LogCaptureFixture) -> None:
    checked = context_for(TlsFiles(), strict=False)
    assert checked.check_hostname
    assert checked.verify_mode is ssl.CERT_REQUIRED
    assert not checked.verify_flags & ssl.VERIFY_X509_STRICT
    assert context_for(TlsFiles(), strict=True).verify_flags & ssl.VERIFY_X509_STRICT
    assert not caplog.records
    assert context_for(TlsFiles(verify=False), strict=False).verify_mode is ssl.CERT_NONE
    assert "not checked" in caplog.text
