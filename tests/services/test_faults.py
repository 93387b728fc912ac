"""What goes wrong under an ingestion, on real servers; `make chaos-ingestion` has the crashes."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.services.postgres import Postgres
from modelservice.service.ports import free_port
from tests.ingestion.events import NOW, turn
from tests.services.ingest_system import ASSISTANT, IngestSystem
from tests.small_disk import small_disk

DISK_MEGABYTES = 400
LEFT_MEGABYTES = 24
TURNS = 4000
STORM = 6


@pytest.fixture
def disk() -> Iterator[Path]:
    with small_disk(DISK_MEGABYTES) as folder:
        yield folder


@pytest.fixture
def postgres(disk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postgres]:
    postgres = Postgres(disk / "postgres", free_port())
    postgres.start()
    for name, value in postgres.variables.items():
        monkeypatch.setenv(name, value)
    yield postgres
    postgres.stop()


def test_full_disk_of_the_database_is_waited_for(
    postgres: Postgres, disk: Path, tmp_path: Path
) -> None:
    system = IngestSystem(tmp_path)
    system.add_assistant()
    used = sum(file.stat().st_size for file in disk.rglob("*") if file.is_file())
    ballast = disk / "ballast"
    ballast.write_bytes(b"\0" * ((DISK_MEGABYTES - LEFT_MEGABYTES) * 2**20 - used))
    system.produce(
        event for number in range(TURNS) for event in turn(ASSISTANT, f"sender-{number}", NOW)
    )
    process = system.start()
    try:
        system.wait_for(lambda: "events wait for the database" in system.log.read_text())
        assert "No space left on device" in postgres.log.read_text()
        time.sleep(2)
        assert process.poll() is None
        ballast.unlink()
        # One that finds no room for its journal gives up; somebody starts it when there is some.
        postgres.stop()
        postgres.start()
        system.wait_for(lambda: system.count() >= TURNS * 13, 120)
        assert system.count() == TURNS * 13
        assert system.count("conversations_deadletter") == 0
    finally:
        system.stop()


def test_consumers_that_come_and_go_lose_and_double_nothing(tmp_path: Path) -> None:
    system = IngestSystem(tmp_path, partitions=4, INGEST_BATCH_SIZE="100")
    system.add_assistant()
    steady = system.start()
    senders = 0
    for number in range(STORM):
        passing = system.start()
        until = time.monotonic() + 4
        while time.monotonic() < until:
            system.produce(turn(ASSISTANT, f"sender-{senders}", NOW + senders))
            senders += 1
        if number % 2:
            passing.kill()
        else:
            passing.terminate()
        passing.wait()
    assert steady.poll() is None
    system.wait_for(lambda: system.count() >= senders * 13, 120)
    assert system.count() == senders * 13
    told = "SELECT count(*) FROM conversations_conversation WHERE event_count = 13"
    assert system.value(told) == senders
    system.stop()


def test_partitions_that_come_while_the_database_is_away_are_read_afterwards(
    tmp_path: Path,
) -> None:
    system = IngestSystem(tmp_path, partitions=4)
    system.add_assistant()
    for number in range(200):
        system.produce(turn(ASSISTANT, f"sender-{number}", NOW))
    system.execute("ALTER TABLE conversations_eventsource RENAME TO away")
    processes = [system.start(), system.start()]
    system.wait_for(lambda: system.log.read_text().count("events wait for") >= 4)
    system.execute("ALTER TABLE away RENAME TO conversations_eventsource")
    system.wait_for(lambda: system.count() == 200 * 13)
    assert all(process.poll() is None for process in processes)
    system.stop()
