"""What a hostile training or assistant can reach: its own directory, and nothing of others."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from modelservice.children import launch
from modelservice.children.launch import Sandbox
from tests.modelservice.conftest import Realm, Service, bot_body, encoded, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
LAUNCH = ROOT / "modelservice" / "children" / "launch.py"
needs_landlock = pytest.mark.skipif(
    launch.landlock_version() == 0, reason="the kernel has no Landlock"
)


def sandboxed(script: str, home: Path, **changes: object) -> subprocess.CompletedProcess[str]:
    """Run Python in a sandbox whose only own place is `home`."""
    pythons = [sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent)]
    sandbox = Sandbox(
        memory_bytes=0,
        cpu_seconds=0,
        file_bytes=0,
        nice=0,
        cgroup=None,
        read=["/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", *pythons],
        write=[str(home), "/dev/null"],
        listen=[],
        closed_ports=None,
    )
    spec = json.dumps({**sandbox, **changes})
    return subprocess.run(
        [sys.executable, "-I", "-S", str(LAUNCH), spec, sys.executable, "-I", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "model.tar.gz").write_text("somebody's model")
    return tmp_path / "own"


@needs_landlock
def test_own_directory_is_open_and_others_are_closed(home: Path) -> None:
    done = sandboxed(
        "open('x', 'w').write('a'); import os; os.rename('x', 'y'); print(open('y').read())", home
    )
    assert (done.stdout.strip(), done.returncode) == ("a", 0), done.stderr
    other = home.parent / "other"
    for attempt in (
        f"open('{other}/model.tar.gz').read()",
        f"open('{other}/model.tar.gz', 'a')",
        f"import os; os.listdir('{other}')",
        f"import os; os.link('{other}/model.tar.gz', 'mine')",
        f"import os; os.symlink('{other}/model.tar.gz', 'l'); open('l').read()",
        f"import os; os.truncate('{other}/model.tar.gz', 0)",
        f"open('{ROOT}/README.md').read()",
        "open('/etc/written-by-a-child', 'w')",
    ):
        refused = sandboxed(attempt, home)
        assert "PermissionError" in refused.stderr or "cross-device" in refused.stderr, attempt
    assert (other / "model.tar.gz").read_text() == "somebody's model"


@needs_landlock
def test_files_may_be_moved_between_own_folders_where_ports_are_closed_too(home: Path) -> None:
    moved = sandboxed(
        "import os; os.mkdir('a'); os.mkdir('b'); os.mkdir('a/x'); os.rename('a/x', 'b/x')",
        home,
        closed_ports=[(19000, 19999)],
    )
    assert moved.returncode == 0, moved.stderr
    assert (home / "b" / "x").exists()


@needs_landlock
def test_other_processes_cannot_be_signalled_or_read(home: Path) -> None:
    pid = os.getpid()
    assert "PermissionError" in sandboxed(f"open('/proc/{pid}/environ').read()", home).stderr
    if launch.landlock_version() >= 6:
        assert "PermissionError" in sandboxed(f"import os; os.kill({pid}, 0)", home).stderr
    assert sandboxed("import os; os.kill(os.getpid(), 0)", home).returncode == 0


def test_ceilings_hold(home: Path) -> None:
    greedy = sandboxed("b = bytearray(300_000_000)", home, memory_bytes=200_000_000)
    assert "MemoryError" in greedy.stderr
    modest = sandboxed("b = bytearray(100_000_000)", home, memory_bytes=200_000_000)
    assert modest.returncode == 0
    endless = sandboxed("while True: pass", home, cpu_seconds=1)
    assert endless.returncode in {-signal.SIGXCPU, -signal.SIGKILL}
    long_file = sandboxed("open('x', 'wb').write(b'a' * 2_000_000)", home, file_bytes=1_000_000)
    assert long_file.returncode != 0
    assert (home / "x").stat().st_size <= 1_000_000


# A program that stands where a runtime would, to do what no runtime does.
HOSTILE = """
import os, subprocess, sys, time
what = open('config.yml').read()
print('begins', flush=True)
if 'prints' in what:
    while True:
        print('x' * 1000, flush=True)
if 'forks' in what:
    while True:
        try:
            if os.fork() == 0:
                time.sleep(600)
        except OSError:
            time.sleep(0.05)
if 'hides' in what:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execvpe('sleep', ['sleep', '600'], {'PATH': '/usr/bin:/bin'})
        os._exit(0)
    time.sleep(1)
    sys.exit(3)
if 'eats' in what:
    hoard = [b'x' * 60_000_000 for _ in range(3)]
    children = [os.fork() for _ in range(3)]
    hoard.append(b'y' * 60_000_000)
    time.sleep(600)
if 'lies' in what:
    sys.exit(0)
if 'half' in what:
    name = sys.argv[sys.argv.index('--fixed-model-name') + 1]
    os.makedirs('models')
    open(f'models/{name}', 'wb').write(b'\\x1f\\x8b half')
    sys.exit(0)
time.sleep(600)
"""


def hostile_service(folder: Path, realm: Realm, **variables: str) -> Service:
    """Its Rasa Open Source is a program that does what its config.yml says."""
    program = folder / "bin" / "python"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{HOSTILE}")
    program.chmod(0o755)
    return Service(folder / "data", realm, MODEL_SERVICE_RASA_OPEN_SOURCE=str(program), **variables)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    service = hostile_service(
        tmp_path_factory.mktemp("hostile"),
        realm,
        MODEL_SERVICE_TRAINING_MEMORY_MB="400",
        MODEL_SERVICE_LOG_MB="3",
        MODEL_SERVICE_TRAINING_MS="20000",
    )
    yield service
    service.stop()


def descendants(service: Service) -> list[psutil.Process]:
    assert service.process is not None
    return psutil.Process(service.process.pid).children(recursive=True)


STORIES = (
    "version: '3.1'\nstories:\n- story: a\n  steps:\n  - intent: greet\n  - action: utter_hello\n"
)


def start(service: Service, training_id: str, what: str) -> None:
    body = {
        "id": training_id,
        "assistant_id": "a1",
        "client_id": "test",
        "bot_config": {"data": parts(config=f"recipe: default.v1\n# {what}\n", stories=STORIES)},
    }
    answer = service.http.post("/training", json=body)
    assert answer.status_code == 200, answer.text


def parts(**texts: str) -> dict[str, str]:
    return {name: encoded(text) for name, text in texts.items()}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("lies", "without a model"),
        ("half", "without a model"),
        ("hides", "exit code 3"),
        ("eats", "memory"),
        ("forks", "was ended"),
    ],
)
def test_training_that_does_what_none_should_is_told_and_leaves_nothing(
    hostile: Service, what: str, said: str
) -> None:
    start(hostile, f"t-{what}", what)
    state = hostile.ended_training(f"t-{what}")
    assert state["status"] == "error"
    assert said in state["error"]
    assert hostile.http.get(f"/models/{state['model_name']}").status_code == 404
    wait_until(lambda: not descendants(hostile))
    assert not list((hostile.directory / "trainings").iterdir())
    assert hostile.train("t-after-" + what)["status"] == "done", "the service lives"


def test_training_that_prints_without_end_is_held_and_can_be_stopped(hostile: Service) -> None:
    start(hostile, "t-prints", "prints")
    logs = hostile.directory / "logs"
    wait_until(lambda: any(b"left out here" in file.read_bytes() for file in logs.iterdir()))
    used = sum(file.stat().st_size for file in logs.iterdir())
    assert used < 400_000_000
    assert hostile.http.delete("/training/t-prints").status_code == 200
    assert hostile.http.get("/training/t-prints").json()["status"] == "stopped"
    wait_until(lambda: not descendants(hostile))


def test_training_that_hangs_is_ended_at_its_limit(tmp_path: Path, realm: Realm) -> None:
    service = hostile_service(tmp_path, realm, MODEL_SERVICE_TRAINING_MS="4000")
    try:
        start(service, "t-hangs", "nothing")
        assert service.http.get("/training/t-hangs").json()["status"] == "running"
        state = service.ended_training("t-hangs")
        assert state["status"] == "error"
        assert "longer than 4 seconds" in state["error"]
    finally:
        service.stop()


@needs_landlock
def test_bot_may_write_its_event_file_where_that_is_allowed_and_nowhere_else(
    tmp_path: Path, realm: Realm
) -> None:
    allowed, closed = tmp_path / "events", tmp_path / "elsewhere"
    allowed.mkdir()
    closed.mkdir()
    service = Service(tmp_path / "data", realm, MODEL_SERVICE_EVENT_DIRECTORIES=str(allowed))
    try:
        model = service.train("t-1")["model_name"]
        for name, place in (("d-allowed", allowed), ("d-closed", closed)):
            body = bot_body(name, model)
            broker = f"event_broker: {{type: file, path: '{place / name}.jsonl'}}\n"
            body["bot_config"]["endpoints"] = encoded(broker)
            assert service.http.post("/bot", json=body).status_code == 200
        wait_until(lambda: service.bot("d-closed")["status"] == "stopped")
        assert "events cannot be written" in service.bot("d-closed")["error"]
        assert not list(closed.iterdir())
        wait_until(lambda: service.bot("d-allowed")["status"] == "running")
        assert (allowed / "d-allowed.jsonl").exists()
    finally:
        service.stop()


def test_how_children_are_held_is_told_and_groups_are_cleared_away(
    tmp_path: Path, realm: Realm
) -> None:
    service = Service(tmp_path, realm)
    held = service.http.get("/").json()["containment"]
    assert "rlimit" in held["ceilings"]
    assert held["landlock"] == (
        f"landlock {launch.landlock_version()}" if launch.landlock_version() else "none"
    )
    service.run("d-1", service.train("t-1")["model_name"])
    own = hashlib.sha256(os.fsencode(service.directory.resolve())).hexdigest()[:12]
    groups = list(Path("/sys/fs/cgroup").glob(f"**/studio-{own}/bots-d-1"))
    assert bool(groups) == held["groups"]
    service.stop()
    assert not [group for group in groups if group.parent.exists()]
