"""Baselines of discovery: what a program does that follows the documentation of the ``kubernetes`` package.

``python -m tests.benchmarks._textbook_watch watch KUBECONFIG`` follows a plain ``Watch``; ``poll`` lists all pods every
five seconds, as the predecessor did. Each writes lines ``{"name", "at_s"}`` for what it just learned.
"""

import json
import sys
import time
from typing import Any

from kubernetes import client, config, watch

POLL_S = 5.0


def tell(pod: client.V1Pod, at_s: float) -> None:
    """One line of output."""
    assert pod.metadata is not None
    sys.stdout.write(json.dumps({"name": pod.metadata.name, "at_s": at_s}) + "\n")


def follow(api: client.CoreV1Api) -> None:
    """List, then watch."""
    listed = api.list_namespaced_pod("loco", label_selector="app=emu")
    assert listed.metadata is not None
    version = listed.metadata.resource_version
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    plain: Any = watch.Watch  # has no types
    stream = plain().stream(api.list_namespaced_pod, "loco", label_selector="app=emu", resource_version=version)
    for event in stream:
        tell(event["object"], time.monotonic())
        sys.stdout.flush()


def poll(api: client.CoreV1Api) -> None:
    """List again and again."""
    while True:
        listed = api.list_namespaced_pod("loco", label_selector="app=emu")
        at_s = time.monotonic()
        for pod in listed.items:
            tell(pod, at_s)
        sys.stdout.flush()
        time.sleep(POLL_S)  # what is measured


def main() -> None:
    """Run one of the two until killed."""
    mode, kubeconfig = sys.argv[1:]
    load: Any = config.load_kube_config  # has no types
    load(kubeconfig)
    {"watch": follow, "poll": poll}[mode](client.CoreV1Api())


if __name__ == "__main__":
    main()
