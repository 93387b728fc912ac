"""What a crash of the service, or of a bot, leaves behind: the truth."""

import json
import os
import signal
from pathlib import Path

import psutil
import pytest

from tests.modelservice import chaos
from tests.modelservice.conftest import Realm, Service, wait_until


def children_of(service: Service) -> list[psutil.Process]:
    assert service.process is not None
    return psutil.Process(service.process.pid).children(recursive=True)


def test_bot_that_dies_is_told_stopped(service: Service, model_name: str) -> None:
    service.run("d-dies", model_name)
    (child,) = children_of(service)
    os.kill(child.pid, signal.SIGKILL)
    wait_until(lambda: service.bot("d-dies")["status"] == "stopped", 2)
    assert service.bot("d-dies")["returncode"] == -signal.SIGKILL


def test_killed_service_adopts_its_bots_and_an_orderly_stop_ends_them(
    tmp_path: Path, realm: Realm
) -> None:
    service = Service(tmp_path, realm)
    name = service.train("t")["model_name"]
    service.run("d-lives", name)
    service.run("d-dead", name)
    lives, dead = sorted(children_of(service), key=lambda each: "d-dead" in str(each.cmdline()))
    service.kill()
    dead.kill()
    service.start()
    wait_until(lambda: service.bot("d-dead")["status"] == "stopped", 2)
    assert service.bot("d-lives")["status"] == "running"
    assert service.http.get("/training/t").json()["status"] == "done"
    service.stop()
    assert not lives.is_running() or lives.status() == psutil.STATUS_ZOMBIE
    service.start()
    assert service.bot("d-lives")["status"] == "stopped"
    service.stop()


def test_kills_at_random_moments_leave_nothing_false(tmp_path: Path) -> None:
    """A few of the many of `make chaos`."""
    tally = chaos.run(tmp_path, rounds=8, seed=3)
    assert tally.faults == []
    assert tally.done > 0


def test_log_lines_for_collectors_carry_the_ids(
    tmp_path: Path, realm: Realm, capfd: pytest.CaptureFixture[str]
) -> None:
    service = Service(tmp_path, realm, LOG_FORMAT="json")
    service.train("t-logged")
    service.stop()
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line[:1] == "{"]
    ended = [line for line in lines if line.get("training_id") == "t-logged"][-1]
    assert (ended["level"], "ended: done" in ended["message"]) == ("info", True)
