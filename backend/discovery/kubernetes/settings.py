"""Settings of discovery on Kubernetes: the table [kubernetes], variables LOCO_KUBERNETES_*."""

from dataclasses import dataclass
from pathlib import Path

from backend.contract.settings import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesSettings:
    """Where the emulators are in the cluster, and how to reach its API.

    In a pod, the mounted service account is used; elsewhere the kubeconfig file, as kubectl does.
    """

    namespace: str = setting(
        "", "namespace of the emulators (default: that of the service account, or of the kubeconfig context)"
    )
    service: str = setting(
        "loco-emulator", "headless service of the emulators, whose EndpointSlices give addresses and serving"
    )
    label_selector: str = setting(
        "app.kubernetes.io/name=loco,app.kubernetes.io/component=emulator",
        "labels of the emulators' pods; must not select pods of another release in the same namespace",
    )
    port_name: str = setting("http", "name of the streamer's HTTP port in the pods and the service")
    kubeconfig: Path | None = setting(
        None, "kubeconfig file, outside a cluster (default: KUBECONFIG or ~/.kube/config)", metavar="FILE"
    )
    context: str = setting("", "context of the kubeconfig file (default: its current one)")
    strict_tls: bool = setting(
        False, "insist on RFC 5280 in the cluster's certificates; off, since the authorities of some clusters break it"
    )
    metadata_configmap: str = setting(
        "",
        "ConfigMap of names and descriptions for people: keys such as instance-3 and instance-3.description; "
        "never of addresses (default: none)",
    )
    zone: str = setting("", "zone of this backend (default: that of its node, where the EndpointSlices tell it)")
    node: str = setting("", "node of this backend, by the downward API; tells its zone")
    lost_after_s: float = setting(
        60.0, "time without the API after which the list counts as lost, not only as stale", minimum=1
    )
    forget_after_s: float = setting(
        3600.0, "how long a vanished instance keeps its slot; 0 for as long as the backend runs", minimum=0
    )
