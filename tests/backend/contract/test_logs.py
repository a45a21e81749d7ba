"""Structured logs."""

import json
import logging
import threading

import pytest

from backend.contract import logs


def test_a_json_record_carries_instance_and_correlation_id(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("loco-test", "info", "json")
    instance = logs.instance.set("instance-3")
    correlation = logs.correlation_id.set("abc")
    logging.getLogger("x").info("hello %s", "world")
    logs.instance.reset(instance)
    logs.correlation_id.reset(correlation)
    record = json.loads(capsys.readouterr().err)
    assert record["message"] == "hello world"
    assert (record["program"], record["instance"], record["correlation_id"]) == ("loco-test", "instance-3", "abc")
    assert record["time"].endswith("Z")


def test_a_text_record_is_one_readable_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("loco-test")
    logging.getLogger("x").warning("careful")
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "WARNING loco-test: careful" in line


def test_an_exception_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    for style in ("text", "json"):
        logs.configure("loco-test", "info", style)
        try:
            raise ValueError("broken")
        except ValueError:
            logging.getLogger("x").exception("failed")
        assert "ValueError: broken" in capsys.readouterr().err


def test_a_process_of_one_instance_says_so_in_every_thread(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("loco-test", instance_id="instance-5")
    thread = threading.Thread(target=logging.getLogger("x").warning, args=("from a thread",))
    thread.start()
    thread.join()
    assert "loco-test instance-5: from a thread" in capsys.readouterr().err
