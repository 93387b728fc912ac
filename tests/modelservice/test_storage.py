"""Cloud storage of models, over real servers of the three providers."""

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from modelservice.storage import (
    PART_SUFFIX,
    ModelStorage,
    NotStored,
    StorageProblem,
    storage_from_environment,
)
from modelservice.storage.storage import PATIENCE_SECONDS
from tests.modelservice.storage_servers import (
    ROOT,
    SERVERS,
    STORAGE_VARIABLES,
    S3Server,
    StorageServer,
)

# Installing a server may take minutes the first time.
pytestmark = [pytest.mark.service, pytest.mark.timeout(600)]

MEGABYTE = 1024 * 1024
Configured = Callable[..., ModelStorage]


@pytest.fixture(scope="session", params=list(SERVERS))
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StorageServer]:
    started = SERVERS[request.param](tmp_path_factory.mktemp(request.param))
    yield started
    started.stop()
    shutil.rmtree(started.directory)


@pytest.fixture
def configured(server: StorageServer, monkeypatch: pytest.MonkeyPatch) -> Configured:
    """The storage that the server's variables configure, with changes; patience in seconds."""
    for name in STORAGE_VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def make(*, patience: float = PATIENCE_SECONDS, **changes: str) -> ModelStorage:
        for name, value in {**server.variables, **changes}.items():
            monkeypatch.setenv(name, value)
        storage = storage_from_environment(patience_seconds=patience)
        assert storage is not None
        return storage

    return make


@pytest.fixture
def storage(configured: Configured) -> ModelStorage:
    return configured()


def content_of(size: int) -> bytes:
    return random.randbytes(size)


def file_of(directory: Path, content: bytes) -> Path:
    path = directory / "made.tar.gz"
    path.write_bytes(content)
    return path


def nothing_but(directory: Path, *names: str) -> bool:
    return {path.name for path in directory.iterdir()} == set(names)


@pytest.mark.parametrize("size", [0, 1000, 20 * MEGABYTE + 7])
def test_a_model_comes_back_as_it_was(storage: ModelStorage, tmp_path: Path, size: int) -> None:
    content = content_of(size)
    name = f"round-trip-{size}"

    storage.check()
    storage.upload(file_of(tmp_path, content), name)
    storage.download(name, tmp_path / "back.tar.gz")

    assert (tmp_path / "back.tar.gz").read_bytes() == content
    assert storage.size(name) == size
    assert nothing_but(tmp_path, "made.tar.gz", "back.tar.gz")


def test_a_second_upload_replaces_and_a_deleted_model_is_gone(
    storage: ModelStorage, tmp_path: Path
) -> None:
    storage.upload(file_of(tmp_path, b"first"), "replaced")
    storage.upload(file_of(tmp_path, b"the second"), "replaced")
    storage.download("replaced", tmp_path / "made.tar.gz")

    assert (tmp_path / "made.tar.gz").read_bytes() == b"the second"
    storage.delete("replaced")
    storage.delete("replaced")
    assert storage.size("replaced") is None


def test_a_model_that_is_not_there_is_not_stored(storage: ModelStorage, tmp_path: Path) -> None:
    with pytest.raises(NotStored, match="no model nowhere"):
        storage.download("nowhere", tmp_path / "nowhere.tar.gz")

    assert storage.size("nowhere") is None
    assert nothing_but(tmp_path)


@pytest.mark.parametrize("size", [5000, 20 * MEGABYTE + 7])
def test_a_model_that_rasa_uploaded_is_read(
    server: StorageServer, storage: ModelStorage, tmp_path: Path, size: int
) -> None:
    content = content_of(size)
    server.put_plainly(f"from-rasa-{size}.tar.gz", content)

    storage.download(f"from-rasa-{size}", tmp_path / "back.tar.gz")

    assert (tmp_path / "back.tar.gz").read_bytes() == content
    assert storage.size(f"from-rasa-{size}") == size


@pytest.mark.parametrize("uploader", ["we", "Rasa"])
def test_a_damaged_model_is_refused_and_the_old_file_stays(
    server: StorageServer, storage: ModelStorage, tmp_path: Path, uploader: str
) -> None:
    content = content_of(50_000)
    if uploader == "we":
        storage.upload(file_of(tmp_path, content), "damaged-ours")
    else:
        server.put_plainly("damaged-rasas.tar.gz", content)
    server.damage(content)
    name = "damaged-ours" if uploader == "we" else "damaged-rasas"
    target = tmp_path / "made.tar.gz"
    target.write_bytes(b"from before")

    with pytest.raises(StorageProblem, match="damaged") as raised:
        storage.download(name, target)

    assert not raised.value.is_transient
    assert target.read_bytes() == b"from before"
    assert nothing_but(tmp_path, "made.tar.gz")


def test_a_model_that_rasa_uploaded_in_parts_is_checked(
    server: StorageServer, storage: ModelStorage, tmp_path: Path
) -> None:
    if not isinstance(server, S3Server):
        return  # only S3 keeps a checksum that depends on the parts
    content = content_of(20 * MEGABYTE + 7)
    server.put_plainly("damaged-parts.tar.gz", content)
    server.damage(content)

    with pytest.raises(StorageProblem, match="damaged"):
        storage.download("damaged-parts", tmp_path / "back.tar.gz")


def test_a_bucket_that_does_not_exist_is_named_at_once(
    server: StorageServer, configured: Configured, tmp_path: Path
) -> None:
    storage = configured(**server.missing_bucket)
    started = time.monotonic()

    calls: list[Callable[[], object]] = [
        storage.check,
        lambda: storage.size("any"),
        lambda: storage.upload(file_of(tmp_path, b"content"), "any"),
        lambda: storage.download("any", tmp_path / "any.tar.gz"),
    ]
    for call in calls:
        with pytest.raises(StorageProblem, match=r"has no .* 'not-there': create it") as raised:
            call()
        assert not raised.value.is_transient
        assert not isinstance(raised.value, NotStored)

    assert time.monotonic() - started < 5


def test_wrong_credentials_are_told_at_once_and_never_shown(
    server: StorageServer, configured: Configured, tmp_path: Path
) -> None:
    unusable = tmp_path / "key.json"
    unusable.write_text('{"private_key": "something-else"}')
    google = {"STORAGE_EMULATOR_HOST": "", "GOOGLE_APPLICATION_CREDENTIALS": str(unusable)}
    variables = server.wrong_credentials or google
    storage = configured(**variables)
    started = time.monotonic()

    with pytest.raises(StorageProblem, match=r"denies access|no usable credentials") as raised:
        storage.check()

    assert time.monotonic() - started < 5
    assert not raised.value.is_transient
    assert any(name in str(raised.value) for name in variables)
    told = "".join(traceback.format_exception(raised.value))
    assert not any(value in told for value in variables.values() if value)


def test_an_upload_survives_a_server_that_is_killed_and_comes_back(
    server: StorageServer, configured: Configured, tmp_path: Path
) -> None:
    storage, onlooker = configured(), configured(patience=0)
    content = content_of(100 * MEGABYTE)
    file = file_of(tmp_path, content)
    storage.check()
    seen: set[int | None] = set()
    uploaded, killed = threading.Event(), threading.Event()

    def outage() -> None:
        before = server.received_bytes()
        while server.received_bytes() < before + 20 * MEGABYTE and not uploaded.is_set():
            time.sleep(0.001)
        server.kill()
        if not uploaded.is_set():
            killed.set()
        time.sleep(1)
        server.start()

    def look() -> None:
        while not uploaded.is_set():
            try:
                seen.add(onlooker.size("survivor"))
            except StorageProblem as problem:
                seen.add(None if problem.is_transient else -1)
            time.sleep(0.1)

    with ThreadPoolExecutor() as pool:
        others = [pool.submit(work) for work in (outage, look)]
        try:
            storage.upload(file, "survivor")
        finally:
            uploaded.set()
        for other in others:
            other.result()

    assert killed.is_set(), "the upload was over before the server was killed"
    assert seen <= {None, len(content)}
    storage.download("survivor", tmp_path / "back.tar.gz")
    assert (tmp_path / "back.tar.gz").read_bytes() == content
    storage.delete("survivor")


def test_a_download_survives_a_server_that_is_killed_and_comes_back(
    server: StorageServer, storage: ModelStorage, tmp_path: Path
) -> None:
    content = content_of(100 * MEGABYTE)
    storage.upload(file_of(tmp_path, content), "fetched")
    target = tmp_path / "back.tar.gz"
    downloaded, interrupted = threading.Event(), threading.Event()

    def outage() -> None:
        def arrived() -> int:
            parts = tmp_path.glob(f".*{PART_SUFFIX}")
            return sum(part.stat().st_size for part in parts)

        while arrived() < 10 * MEGABYTE and not downloaded.is_set():
            time.sleep(0.001)
        server.kill()
        if not downloaded.is_set():
            interrupted.set()
        time.sleep(1)
        server.start()

    with ThreadPoolExecutor() as pool:
        other = pool.submit(outage)
        try:
            storage.download("fetched", target)
        finally:
            downloaded.set()
        other.result()

    assert interrupted.is_set(), "the download was over before the server was killed"
    assert target.read_bytes() == content
    assert nothing_but(tmp_path, "made.tar.gz", "back.tar.gz")
    storage.delete("fetched")


def test_a_server_that_stays_away_is_told_in_bounded_time(
    server: StorageServer, configured: Configured, tmp_path: Path
) -> None:
    storage = configured(patience=2)
    file = file_of(tmp_path, content_of(1000))
    server.stop()
    try:
        for call in (
            storage.check,
            lambda: storage.upload(file, "unreachable"),
            lambda: storage.download("unreachable", tmp_path / "unreachable.tar.gz"),
        ):
            started = time.monotonic()
            with pytest.raises(StorageProblem, match=f"{server.url}.* cannot be reached") as raised:
                call()
            assert 1.9 < time.monotonic() - started < 6
            assert raised.value.is_transient
    finally:
        server.start()
    assert storage.size("unreachable") is None
    assert nothing_but(tmp_path, "made.tar.gz")


def test_a_process_that_ends_does_not_wait_for_a_server_that_is_away(
    server: StorageServer, configured: Configured, tmp_path: Path
) -> None:
    storage = configured(patience=30)
    file = file_of(tmp_path, content_of(1000))
    server.stop()
    try:
        with ThreadPoolExecutor() as pool:
            upload = pool.submit(storage.upload, file, "given-up")
            time.sleep(3)  # it is in one of its longer pauses
            assert not upload.done()
            storage.stop()
            with pytest.raises(StorageProblem, match="cannot be reached"):
                upload.result(timeout=1)
    finally:
        server.start()


MEASURED = """
import json, pathlib, sys
from modelservice.storage import storage_from_environment

def peak():
    status = pathlib.Path("/proc/self/status").read_text().split()
    return int(status[status.index("VmHWM:") + 1]) / 1024

storage = storage_from_environment()
directory = pathlib.Path(sys.argv[1])
(directory / "small").write_bytes(b"small")
storage.upload(directory / "small", "small")
storage.download("small", directory / "small")
before = peak()
storage.upload(directory / "made.tar.gz", "large")
storage.download("large", directory / "back.tar.gz")
storage.delete("large")
print(json.dumps([before, peak()]))
"""


def test_memory_does_not_grow_with_the_model(server: StorageServer, tmp_path: Path) -> None:
    content = content_of(200 * MEGABYTE)
    file_of(tmp_path, content)
    environment = {**os.environ, **server.variables}

    run = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    before, after = json.loads(run.stdout)
    assert after - before < 60, f"{before:.0f} MB before, {after:.0f} MB after"
    assert (tmp_path / "back.tar.gz").read_bytes() == content


def test_a_file_that_the_disk_does_not_take_is_told_as_such(
    storage: ModelStorage, tmp_path: Path
) -> None:
    storage.upload(file_of(tmp_path, content_of(20 * MEGABYTE)), "too-large")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10 * MEGABYTE, before[1]))
    try:
        with pytest.raises(StorageProblem, match=r"cannot be written .*: File too large") as raised:
            storage.download("too-large", tmp_path / "too-large.tar.gz")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert not raised.value.is_transient
    assert nothing_but(tmp_path, "made.tar.gz")


def test_a_file_that_vanished_is_told_as_such(storage: ModelStorage, tmp_path: Path) -> None:
    with pytest.raises(StorageProblem, match=r"gone\.tar\.gz cannot be read"):
        storage.upload(tmp_path / "gone.tar.gz", "gone")
