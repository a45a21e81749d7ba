from typing import Any

import pytest

from backend.discovery.kubernetes import words
from tests.backend.discovery.kubernetes.cluster_objects import pod


def waiting(reason: str, message: str = "", **more: Any) -> dict[str, Any]:
    return {"name": "emulator", "restartCount": 4, "state": {"waiting": {"reason": reason, "message": message}}, **more}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"conditions": []}, "waits for a place"),
        ({"conditions": [{"type": "PodScheduled", "status": "False", "message": "0/3 nodes: no memory"}]}, "no memory"),
        ({"conditions": [{"type": "PodScheduled", "status": "True"}]}, "being created"),
        ({"containerStatuses": [waiting("ImagePullBackOff", "not found")]}, "image of its container emulator"),
        ({"initContainerStatuses": [waiting("CreateContainerConfigError", "no secret")]}, "no secret"),
        ({"containerStatuses": [waiting("ContainerCreating")]}, "waits for a place"),
    ],
)
def test_a_pending_pod_says_what_it_waits_for(status: Any, expected: str) -> None:
    assert expected in words.why_pending(pod(0, ip=None) | {"status": status})


def test_a_container_that_keeps_ending_is_named_with_its_exit_code() -> None:
    last = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}
    said = words.why_broken(pod(0, containerStatuses=[waiting("CrashLoopBackOff", lastState=last)]))
    assert "emulator" in said
    assert "exit code 137, OOMKilled" in said
    assert "4 times" in said


def test_an_ended_container_is_named() -> None:
    ended = {"name": "streamer", "restartCount": 0, "state": {"terminated": {"exitCode": 1, "reason": "Error"}}}
    item = pod(0, containerStatuses=[ended])
    assert words.why_restarting(item) == "Its container streamer ended (exit code 1); the cluster starts it again."
    assert "exit code 1" in words.why_ended(item)
    assert "Evicted" in words.why_ended(pod(0, phase="Failed", reason="Evicted"))


def test_foreign_words_are_short_sentences() -> None:
    said = words.why_pending(pod(0, containerStatuses=[waiting("ErrImagePull", "long\n" * 300)]))
    assert len(said) < 320
    assert said.endswith(".")
    assert "\n" not in said
