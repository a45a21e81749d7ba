"""What is listed and watched."""

from collections.abc import Mapping
from dataclasses import dataclass

Path = tuple[str, ...]
"""Keys from the top of an object to one of its fields."""

MANAGED_FIELDS: Path = ("metadata", "managedFields")
"""Who wrote which field, for writers. It is half of a pod."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of objects in one namespace."""

    name: str
    """``pods``, ``endpointslices``, ``endpoints``, ``configmaps``: label of metrics, name in the log."""
    path: str
    """``/api/v1/namespaces/NAMESPACE/pods``."""
    label_selector: str = ""
    field_selector: str = ""
    drop: tuple[Path, ...] = (MANAGED_FIELDS,)
    """Fields that nobody reads; they are not kept, so that a thousand objects stay small."""

    @property
    def selectors(self) -> dict[str, str]:
        """The parameters that choose the objects."""
        chosen = {"labelSelector": self.label_selector, "fieldSelector": self.field_selector}
        return {name: value for name, value in chosen.items() if value}

    @property
    def probe(self) -> Mapping[str, str]:
        """Parameters of the cheapest list that needs the same permission: from the server's cache, of no object.

        At version 0 the server ignores a ``limit``, so only a name keeps the answer small.
        """
        return {"fieldSelector": self.field_selector or "metadata.name=loco-probe", "resourceVersion": "0"}


_OF_SPEC = ("volumes", "tolerations", "affinity", "initContainers", "topologySpreadConstraints", "securityContext")
_OF_CONTAINER = (
    *("command", "args", "env", "envFrom", "resources", "volumeMounts", "securityContext", "lifecycle"),
    *("startupProbe", "livenessProbe", "readinessProbe"),
)
_OF_STATUS = ("resources", "allocatedResources", "imageID", "volumeMounts")
_UNREAD_OF_PODS: tuple[Path, ...] = (
    MANAGED_FIELDS,
    *(("spec", field) for field in _OF_SPEC),
    *(("spec", "containers", field) for field in _OF_CONTAINER),
    *(("status", "containerStatuses", field) for field in _OF_STATUS),
)


def pods(namespace: str, label_selector: str) -> Resource:
    """The pods of a namespace that carry the labels."""
    return Resource("pods", f"/api/v1/namespaces/{namespace}/pods", label_selector, drop=_UNREAD_OF_PODS)


def endpoint_slices(namespace: str, service: str) -> Resource:
    """All slices of a service."""
    path = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"
    return Resource("endpointslices", path, f"kubernetes.io/service-name={service}")


def endpoints(namespace: str, service: str) -> Resource:
    """The older Endpoints of a service, for where slices are forbidden or absent."""
    path = f"/api/v1/namespaces/{namespace}/endpoints"
    return Resource("endpoints", path, field_selector=f"metadata.name={service}")


def config_map(namespace: str, name: str) -> Resource:
    """One ConfigMap."""
    return Resource("configmaps", f"/api/v1/namespaces/{namespace}/configmaps", field_selector=f"metadata.name={name}")
