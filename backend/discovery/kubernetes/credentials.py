"""Where the API server is, and who we are: read by the loaders of ``kubernetes.aio.config``.

What is ours: which of them is asked, when it is asked again, and sentences in place of its errors.
"""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import yaml
from kubernetes.aio import config
from kubernetes.aio.client import Configuration
from kubernetes.aio.config.incluster_config import InClusterConfigLoader

from backend.discovery.kubernetes.errors import ClusterConfigError
from backend.discovery.kubernetes.tls import TlsFiles

log = logging.getLogger(__name__)
SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_UNREADABLE = (config.ConfigException, yaml.YAMLError, OSError, TypeError, ValueError, KeyError, AttributeError)
"""What the loaders raise for a file that is missing, is not YAML or lacks something."""


class Credentials(Protocol):
    """One way to a cluster."""

    namespace: str
    """Ours in that cluster; known after the first :meth:`read`."""
    each_request: bool
    """Whether :meth:`read` is cheap enough to be done before each request."""

    async def read(self, configuration: Configuration) -> None:
        """Write what is valid now into ``configuration``.

        Raises:
            ClusterConfigError: it cannot be read; the text says what to do.
        """


class ServiceAccount:
    """Of the pod that this program runs in. Its token is a file that the kubelet replaces before it expires."""

    each_request = True

    def __init__(self, directory: Path = SERVICE_ACCOUNT, environment: Mapping[str, str] = os.environ) -> None:
        self.namespace = "default"
        self._directory = directory
        self._environment = environment

    async def read(self, configuration: Configuration) -> None:
        """See :class:`Credentials`."""
        loader = InClusterConfigLoader(  # type: ignore[no-untyped-call]  # the library's loaders have no types
            token_filename=str(self._directory / "token"),
            cert_filename=str(self._directory / "ca.crt"),
            try_refresh_token=False,
            environ=self._environment,
        )
        try:
            loader.load_and_set(configuration)  # type: ignore[no-untyped-call]
            self.namespace = (self._directory / "namespace").read_text().strip() or "default"
        except _UNREADABLE as error:
            raise ClusterConfigError(
                f"Cannot use the pod's service account in {self._directory}: {_said(error)}. "
                "Set automountServiceAccountToken to true for this pod."
            ) from error
        _tidy(configuration)


class KubeConfig:
    """A user's file, for a backend outside of the cluster. Plug-ins that fetch a token are run by the library."""

    each_request = False

    def __init__(self, file: Path | None = None, context: str = "") -> None:
        self.namespace = "default"
        self._file = file
        self._context = context

    async def read(self, configuration: Configuration) -> None:
        """See :class:`Credentials`."""
        named = str(self._file or usual_kubeconfig())
        if self._file is not None and not self._file.is_file():
            raise ClusterConfigError(f"There is no kubeconfig {named}: correct its path.")
        try:
            loader = await config.load_kube_config(  # type: ignore[no-untyped-call]
                config_file=named,
                context=self._context or None,
                client_configuration=configuration,
                persist_config=False,
            )
            self.namespace = loader.current_context["context"].get("namespace") or "default"
        except _UNREADABLE as error:
            raise ClusterConfigError(
                f"Cannot use the kubeconfig {named}: {_said(error)}. 'kubectl config view' shows what it holds."
            ) from error
        _tidy(configuration)


def usual_kubeconfig() -> str:
    """Where ``kubectl`` looks: one path, or several joined by colons."""
    return os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")


def find(kubeconfig: Path | None, context: str, environment: Mapping[str, str] = os.environ) -> Credentials:
    """The kubeconfig that is named, else the pod's service account, else the usual kubeconfig.

    Raises:
        ClusterConfigError: none of them is there.
    """
    if kubeconfig is not None or context:
        return KubeConfig(kubeconfig, context)
    if environment.get("KUBERNETES_SERVICE_HOST"):
        return ServiceAccount(environment=environment)
    if any(Path(path).is_file() for path in usual_kubeconfig().split(os.pathsep)):
        return KubeConfig()
    raise ClusterConfigError(
        "There is no cluster to be found: this is no pod, and there is no kubeconfig. Name one by --kubeconfig FILE."
    )


def tls_files(configuration: Configuration) -> TlsFiles:
    """What the library's configuration says of certificates."""
    return TlsFiles(
        authority=configuration.ssl_ca_cert or "",
        certificate=configuration.cert_file or "",
        key=configuration.key_file or "",
        verify=configuration.verify_ssl,
    )


def _tidy(configuration: Configuration) -> None:
    """A token that was saved with a line end would make the header invalid."""
    for name, key in configuration.api_key.items():
        configuration.api_key[name] = key.strip()


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().rstrip(".").replace("\n", " ")
