"""The programs read what the chart writes for them: settings files, variables, and nothing that they do not know."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from backend.contract.routes import HEALTHZ, READYZ
from backend.contract.settings import load
from backend.discovery.kubernetes.settings import KubernetesSettings
from backend.emulator.settings import EmulatorSettings
from backend.lan.addresses import read_address
from backend.lan.settings import LanSettings, PortSettings
from backend.lan.switch import Switch
from backend.qemu.settings import GuestSettings, guest_settings
from backend.settings import BackendSettings
from backend.signaling.ice import IceDirectory, IceSettings
from backend.streamer.settings import StreamerSettings
from tests.helm.pod import Pod, services
from tests.helm.rendering import CHART, VALUES_FILES, container, containers, one, render, values_of, workloads

PROGRAMS: dict[str, type[Any]] = {
    "backend": BackendSettings,
    "emulator": EmulatorSettings,
    "guest": GuestSettings,
    "ice": IceSettings,
    "kubernetes": KubernetesSettings,
    "lan": LanSettings,
    "lan_port": PortSettings,
    "streamer": StreamerSettings,
}
each_file = pytest.mark.parametrize("path", VALUES_FILES, ids=lambda path: path.stem)


@each_file
def test_the_streamer_and_the_emulator_start_as_the_instance_of_their_ordinal(path: Path, tmp_path: Path) -> None:
    objects = render(values_of(path))
    pod = Pod(objects, "streamer", "-guest", tmp_path)
    streamer = pod.load(StreamerSettings, "streamer")
    assert (streamer.instance, str(streamer.directory), streamer.log_format) == ("instance-3", "/run/loco", "json")
    assert streamer.address()[1] == 8481
    assert streamer.media_addresses == ("10.244.1.7", "fd00::7")
    emulator = Pod(objects, "emulator", "-guest", tmp_path).load(EmulatorSettings, "emulator")
    assert (emulator.instance, str(emulator.directory)) == ("instance-3", "/run/loco")
    assert str(emulator.state_directory) == "/var/lib/loco"
    guest_settings(pod.tables, "instance-3")
    assert set(pod.tables) == {"guest", "emulator", "streamer"}


@each_file
def test_the_backend_starts_and_follows_its_own_release(path: Path, tmp_path: Path) -> None:
    objects = render(values_of(path))
    pod = Pod(objects, "backend", "-backend", tmp_path)
    backend = pod.load(BackendSettings, "backend")
    assert (backend.port, backend.log_format, backend.mode, backend.zeroconf) == (8480, "json", "kubernetes", False)
    kubernetes = pod.load_section(KubernetesSettings, "kubernetes")
    stateful_set = one(objects, "StatefulSet", "-emulator")
    assert kubernetes.namespace == stateful_set["metadata"]["namespace"]
    assert kubernetes.service == stateful_set["spec"]["serviceName"]
    assert kubernetes.metadata_configmap == one(objects, "ConfigMap", "-instances")["metadata"]["name"]
    assert kubernetes.node == "node-1"
    assert kubernetes.port_name in [port["name"] for port in container(objects, "streamer")["ports"]]
    selector = dict(part.split("=") for part in kubernetes.label_selector.split(","))
    assert selector == stateful_set["spec"]["selector"]["matchLabels"]
    assert set(pod.tables) == {"backend", "kubernetes", "ice"}


@pytest.mark.parametrize("kind", ["startup", "ready", "live"])
def test_the_probes_of_the_emulator_are_questions_that_it_knows(kind: str) -> None:
    name = {"startup": "startupProbe", "ready": "readinessProbe", "live": "livenessProbe"}[kind]
    program, *flags = container(render(), "emulator")[name]["exec"]["command"]
    assert program == container(render(), "emulator")["command"][0] == "loco-emulator"
    assert load(EmulatorSettings, "emulator", flags, description="", environment={})[0].probe == kind


def test_the_probes_over_http_ask_for_pages_that_there_are() -> None:
    pages = {
        (item["name"], probe["httpGet"]["path"])
        for workload in workloads(render())
        for item in containers(workload)
        for name, probe in item.items()
        if name.endswith("Probe") and "httpGet" in probe
    }
    whole = {(name, page) for name in ("streamer", "backend", "lan") for page in (HEALTHZ, READYZ)}
    # A guest whose switch is away can be watched and played all the same.
    assert pages == whole | {("lan-port", HEALTHZ)}


@each_file
def test_every_variable_is_a_setting_of_its_program(path: Path) -> None:
    known = {
        f"LOCO_{section}_{field.name}".upper()
        for section, kind in PROGRAMS.items()
        for field in dataclasses.fields(kind)
        if "help" in field.metadata
    }
    for workload in workloads(render(values_of(path))):
        for item in containers(workload):
            names = {variable["name"] for variable in item.get("env", ())}
            assert {name for name in names if name.startswith("LOCO_")} <= known | {"LOCO_CONFIG"}


def test_what_the_chart_sets_cannot_be_set_in_the_settings_file_of_the_values(tmp_path: Path) -> None:
    """A variable comes before the file, so a value that both name would be without effect."""
    objects = render(values_of(CHART / "ci" / "17-programs-values.yaml"))
    for name, config in (("streamer", "-guest"), ("emulator", "-guest"), ("backend", "-backend")):
        pod = Pod(objects, name, config, tmp_path)
        for section, table in pod.tables.items():
            for key in table:
                assert f"LOCO_{section}_{key}".upper() not in pod.environment


def test_settings_arrive_with_their_types(tmp_path: Path) -> None:
    objects = render(values_of(CHART / "ci" / "17-programs-values.yaml"))
    pod = Pod(objects, "streamer", "-guest", tmp_path)
    streamer = pod.load(StreamerSettings, "streamer")
    assert (streamer.quantizer, streamer.max_bit_rate_bps, streamer.address()) == (23, 8_000_000, ("::", 8481))
    guest = guest_settings(pod.tables, "instance-0")
    assert (guest.accel, guest.icount, guest.sound) == ("auto", 4, "ac97")
    pod = Pod(objects, "backend", "-backend", tmp_path)
    backend = pod.load(BackendSettings, "backend")
    assert (backend.name, backend.request_timeout_s, backend.host) == ("Arcade", 12.5, "::")
    assert pod.load_section(KubernetesSettings, "kubernetes").lost_after_s == 30


def test_one_guest_can_differ(tmp_path: Path) -> None:
    pod = Pod(render(values_of(CHART / "ci" / "15-names-values.yaml")), "emulator", "-guest", tmp_path)
    assert guest_settings(pod.tables, "instance-3").memory_mib == 512
    assert guest_settings(pod.tables, "instance-3").probe == ("0", "0", "64", "64")
    assert guest_settings(pod.tables, "instance-2").memory_mib == 32


@pytest.mark.parametrize(
    ("name", "image", "image_format"),
    [
        ("07-disk-nfs", "/guest/windows/windows98.qcow2", "qcow2"),
        ("08-disk-host-path", "/guest/disk.img", "raw"),
        ("09-disk-csi", "/guest/disk.vmdk", "vmdk"),
        ("10-disk-claim", "/guest/disk.qcow2", "qcow2"),
        ("11-disk-image", "/guest/windows98.qcow2", "qcow2"),
    ],
)
def test_the_guest_boots_the_disk_that_is_mounted(name: str, image: str, image_format: str, tmp_path: Path) -> None:
    objects = render(values_of(CHART / "ci" / f"{name}-values.yaml"))
    guest = guest_settings(Pod(objects, "emulator", "-guest", tmp_path).tables, "instance-0")
    assert (str(guest.image), guest.image_format) == (image, image_format)
    assert "/guest" in [mount["mountPath"] for mount in container(objects, "emulator")["volumeMounts"]]


def test_texts_of_people_cannot_break_the_settings_file(tmp_path: Path) -> None:
    name = 'a "b" \\ <c> \u2028 \u00e9 \n[backend]\nport = 1'
    pod = Pod(render({"backend": {"settings": {"name": name}}}), "backend", "-backend", tmp_path)
    assert pod.load(BackendSettings, "backend").name == name


def test_the_drain_of_the_backend_ends_before_it_is_killed(tmp_path: Path) -> None:
    objects = render({"backend": {"drainSeconds": 20}})
    backend = Pod(objects, "backend", "-backend", tmp_path).load(BackendSettings, "backend")
    assert backend.drain_s == 20
    pod = one(objects, "Deployment", "-backend")["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] == 35


def test_pages_of_the_ingress_may_call_the_backend(tmp_path: Path) -> None:
    objects = render(values_of(CHART / "ci" / "02-ingress-tls-values.yaml"))
    backend = Pod(objects, "backend", "-backend", tmp_path).load(BackendSettings, "backend")
    assert set(backend.allowed_hosts) == {"wall.example", "wall2.example", "third.example"}


def test_viewers_are_told_the_charts_relay_with_a_credential_from_the_secret(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("0123456789abcdef0123\n", encoding="utf-8")
    pod = Pod(render(values_of(CHART / "ci" / "03-turn-values.yaml")), "backend", "-backend", tmp_path)
    answer = IceDirectory(pod.load_section(IceSettings, "ice")).servers("kiosk")
    stun, turn = answer.servers
    assert stun.urls == ("stun:stun.example:3478",)
    assert turn.urls == ("turn:turn.example:3478?transport=udp", "turn:turn.example:3478?transport=tcp")
    assert turn.credential
    assert answer.ttl_s == 600


def test_a_foreign_relay_and_a_public_port_are_named_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("0123456789abcdef0123", encoding="utf-8")
    pod = Pod(render(values_of(CHART / "ci" / "04-foreign-turn-values.yaml")), "backend", "-backend", tmp_path)
    settings = pod.load_section(IceSettings, "ice")
    assert settings.turn == ("turns:turn.example:5349?transport=tcp",)
    IceDirectory(settings)
    pod = Pod(render(values_of(CHART / "values-minikube.yaml")), "backend", "-backend", tmp_path)
    assert pod.load_section(IceSettings, "ice").turn[0] == "turn:192.168.49.2:30478?transport=udp"


@each_file
def test_switch_agent_emulator_and_backend_speak_of_the_same_lan(path: Path, tmp_path: Path) -> None:
    objects = render(values_of(path))
    emulator = Pod(objects, "emulator", "-guest", tmp_path).load(EmulatorSettings, "emulator")
    backend = Pod(objects, "backend", "-backend", tmp_path).load(BackendSettings, "backend")
    if not emulator.lan:
        assert not backend.lan
        assert not [item for workload in workloads(objects) for item in containers(workload) if "lan" in item["name"]]
        return
    switch = Pod(objects, "lan", "-lan", tmp_path).load(LanSettings, "lan")
    agent = Pod(objects, "lan-port", "-guest", tmp_path).load(PortSettings, "lan_port")
    assert (agent.instance, agent.directory, agent.token) == (emulator.instance, emulator.directory, switch.token)
    assert emulator.lan_site == switch.site == Switch(switch).site
    host = services(objects)[
        one(objects, "Service", "-lan")["metadata"]["name"].upper().replace("-", "_") + "_SERVICE_HOST"
    ]
    assert (agent.switch, backend.lan) == (f"{host}:8490", f"{host}:8482")
    ports = {port["name"]: port["containerPort"] for port in container(objects, "lan")["ports"]}
    assert ports["agents"] == read_address(switch.listen, "listen").port
    assert ports["http"] == read_address(switch.http, "http").port
    assert container(objects, "lan-port")["ports"][0]["containerPort"] == read_address(agent.http, "http").port


def test_each_pc_is_on_the_lan_that_the_values_say(tmp_path: Path) -> None:
    pod = Pod(render(values_of(CHART / "ci" / "20-lan-rooms-values.yaml")), "lan", "-lan", tmp_path)
    settings = pod.load(LanSettings, "lan")
    switch = Switch(settings)
    names = [switch.room_of(f"instance-{ordinal}").room.name for ordinal in (0, 4, 5, 6, 7)]
    assert names == ["yard", "yard", "hall", "rest", "yard"]
    assert (settings.address_first, settings.links, settings.link_listen) == (
        60,
        ("yard=attic.example:8491",),
        "0.0.0.0:8491",
    )
    files = {str(path) for path in (settings.certificate, settings.key, settings.authority)}
    assert files == {f"/etc/loco-link/{name}" for name in ("tls.crt", "tls.key", "ca.crt")}


def test_only_one_switch_runs_at_a_time() -> None:
    spec = one(render(), "Deployment", "-lan")["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
