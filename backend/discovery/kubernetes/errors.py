"""Errors of discovery on Kubernetes.

DiscoveryError
└── KubernetesError
    ├── ClusterConfigError   there is no usable kubeconfig and no pod's service account
    ├── ConnectionLostError  no answer, an answer that broke off, or silence for too long
    ├── GarbledError         an answer is not what the API promises
    └── ApiStatusError       the API server answered with an error
        ├── GoneError            410: the version is too old; list again
        ├── UnauthorizedError    401: the credentials are not valid (any more)
        └── DeniedError          403 or 404: no permission, or no such resource
"""

from backend.discovery.errors import DiscoveryError


class KubernetesError(DiscoveryError):
    """Base of this package's errors."""


class ClusterConfigError(KubernetesError):
    """There is no way to the API server; the text says what to set."""


class ConnectionLostError(KubernetesError):
    """No answer, an answer that broke off, or silence for too long."""


class GarbledError(KubernetesError):
    """An answer is not what the API promises; nothing of it was used."""


class ApiStatusError(KubernetesError):
    """The API server answered with an error."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class GoneError(ApiStatusError):
    """The version is too old for a watch or for the next page of a list (410)."""


class UnauthorizedError(ApiStatusError):
    """The credentials are not valid, or not any more (401)."""


class DeniedError(ApiStatusError):
    """The Role does not allow it (403), or this cluster has no such resource (404)."""


_BY_STATUS = {401: UnauthorizedError, 403: DeniedError, 404: DeniedError, 410: GoneError}


def of_status(status: int, message: str) -> ApiStatusError:
    """The error for a status and the server's own words."""
    kind = _BY_STATUS.get(status, ApiStatusError)
    return kind(status, f"the API server answered {status}: {message.strip() or 'no reason given':.300}")
