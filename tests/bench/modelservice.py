"""Part of group `bridge`: the model service's starts, and its answers while it is full."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import httpx2
import psutil
import yaml

from modelservice.service.ports import free_port
from tests.bench import bridge
from tests.bench.assistants import write_assistant
from tests.bench.figures import Figure, percentile
from tests.modelservice.conftest import (
    CONFIG,
    Realm,
    Service,
    bot_body,
    encoded,
    training_body,
)
from tests.running_studio import ROOT

RASA = ROOT / ".venv-rasa-oss" / "bin" / "python"
STARTS = 7
ROUNDS = 2
MANY = 10
LARGE_FLOWS = 1000
# Rasa Open Source takes seconds, and asking more often would take them from it.
ASKING_SECONDS = 0.1
_LARGE = {"flows": "data/*.yml", "domain": "domain/*.yml"}
_FILES = {"nlu": "data/nlu.yml", "stories": "data/stories.yml", "rules": "data/rules.yml"}
# Few enough rounds of learning that starting and reading weigh as they do in a small project.
_RASA_CONFIG = """
recipe: default.v1
assistant_id: measured
language: en
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: DIETClassifier
  epochs: 20
policies:
- name: MemoizationPolicy
- name: RulePolicy
"""


def measure() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="studio-bench-"))
    realm = Realm()
    service = Service(folder / "data", realm, MODEL_SERVICE_WARM_CHILDREN="1", LOG_LEVEL="ERROR")
    try:
        model = str(service.train("t-small")["model_name"])
        figures = bridge.measure(service, realm, model)
        service.http.delete("/bot/talk")
        figures += [*_starts(service, model, folder), *_full(service, model, folder)]
        if RASA.exists():
            figures += _rasa(service, folder)
        else:
            print("Rasa Open Source is not measured: make rasa-oss", file=sys.stderr)
        return figures
    finally:
        service.stop()
        realm.server.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def _starts(service: Service, model: str, folder: Path) -> list[Figure]:
    seconds = []
    for number in range(STARTS):
        time.sleep(4)  # until another child is warm
        began = time.perf_counter()
        service.http.post("/bot", json=bot_body(f"d-{number}", model))
        _wait(partial(_is_bot, service, f"d-{number}", "running"))
        seconds.append(time.perf_counter() - began)
        service.http.delete(f"/bot/d-{number}")
    archive = service.directory / "models" / f"{model}.tar.gz"
    bare = median(_bare_run(_calm_run(archive), folder, "/license")[0] for _ in range(3))
    reference = f"bare command {bare * 1000:.0f} ms"
    return [Figure("bridge", "run to running, warm", median(seconds) * 1000, "ms", reference, 150)]


def _full(service: Service, model: str, folder: Path) -> list[Figure]:
    """Ten bots and ten trainings of a large assistant, while the service is asked."""
    for number in range(MANY):
        service.http.post("/bot", json=bot_body(f"many-{number}", model))
    _wait(lambda: all(service.bot(f"many-{n}")["status"] == "running" for n in range(MANY)))
    resident = [_megabytes(process) for process in _children(service)]
    write_assistant(folder / "large", LARGE_FLOWS)
    texts = {name: _merged(folder / "large", place) for name, place in _LARGE.items()}
    data = {name: encoded(text) for name, text in {**texts, "config": CONFIG}.items()}
    empty = _asked(service.http, 50)
    for number in range(MANY):
        body = {**training_body(f"large-{number}"), "bot_config": {"data": data}}
        service.http.post("/training", json=body)
    times: list[float] = []
    processor = 0.0
    while _running(service):
        times += _asked(service.http, 5)
        for process in _children(service):
            try:
                used = process.cpu_times()
            except psutil.Error:
                continue
            if "train" in _command(process):
                processor = max(processor, used.user + used.system)
    for number in range(MANY):
        service.http.delete(f"/bot/many-{number}")
    return [
        Figure(
            "bridge",
            "API while ten train and ten run, p95",
            percentile(times, 0.95),
            "ms",
            f"with the ten bots alone {percentile(empty, 0.95):.1f} ms",
            50,
        ),
        Figure(
            "bridge",
            f"processor for a training of {LARGE_FLOWS:,} flows",
            processor,
            "s",
            "guidance 1 vCPU a training",
            10,
        ),
        Figure(
            "bridge",
            "memory of a running CALM assistant",
            median(resident),
            "MB",
            "guidance 500 MiB",
            524,
        ),
    ]


def _merged(folder: Path, place: str) -> str:
    """One file of many: maps of their sections put together."""
    whole: dict[str, dict[str, object]] = {}
    for file in sorted(folder.glob(place)):
        for section, body in yaml.safe_load(file.read_text()).items():
            if isinstance(body, dict):
                whole.setdefault(section, {}).update(body)
    return yaml.safe_dump(whole, sort_keys=False)


def _rasa(service: Service, folder: Path) -> list[Figure]:
    """Rasa Open Source through the service, beside its bare command line. No caches: each is a
    training of another assistant."""
    texts = _rasa_project()
    trained: list[float] = []
    bare: list[float] = []
    name = ""
    for number in range(ROUNDS):
        bare.append(_bare_training(texts, folder / f"rasa-{number}"))
        body = {**training_body(f"r-{number}"), "assistant_id": f"r-{number}"}
        body["bot_config"] = {"data": {key: encoded(text) for key, text in texts.items()}}
        began = time.perf_counter()
        service.http.post("/training", json=body)
        _wait(partial(_has_ended, service, f"r-{number}"), pause=ASKING_SECONDS)
        trained.append(time.perf_counter() - began)
        name = service.http.get(f"/training/r-{number}").json()["model_name"]
    archive = service.directory / "models" / f"{name}.tar.gz"
    started, bare_started = [], []
    resident = bare_resident = 0.0
    for number in range(ROUNDS):
        seconds, megabytes = _bare_run(_rasa_run(archive), folder, "/status", ASKING_SECONDS)
        bare_started.append(seconds)
        bare_resident = max(bare_resident, megabytes)
        began = time.perf_counter()
        service.http.post("/bot", json=bot_body(f"rasa-{number}", name))
        _wait(partial(_is_bot, service, f"rasa-{number}", "running"), pause=ASKING_SECONDS)
        started.append(time.perf_counter() - began)
        resident = max(_megabytes(process) for process in _children(service))
        service.http.delete(f"/bot/rasa-{number}")
    return [
        Figure(
            "bridge",
            "Rasa Open Source: train request to done",
            min(trained) / min(bare),
            "times",
            f"bare command {min(bare):.1f} s",
            1.05,
        ),
        Figure(
            "bridge",
            "Rasa Open Source: run request to running",
            min(started) / min(bare_started),
            "times",
            f"bare command {min(bare_started):.1f} s",
            1.05,
        ),
        Figure(
            "bridge",
            "Rasa Open Source: memory of a running assistant",
            resident / bare_resident,
            "times",
            f"{resident:.0f} MB; bare command {bare_resident:.0f} MB; guidance 500 MiB",
            1.05,
        ),
    ]


def _rasa_project() -> dict[str, str]:
    [folder] = (RASA.parent.parent / "lib").glob("python3*/site-packages/rasa/cli/initial_project")
    names = ("domain", "endpoints", "nlu", "stories", "rules")
    texts = {name: (folder / _FILES.get(name, f"{name}.yml")).read_text() for name in names}
    return {**texts, "config": _RASA_CONFIG}


def _bare_training(texts: dict[str, str], folder: Path) -> float:
    (folder / "data").mkdir(parents=True)
    for name, text in texts.items():
        (folder / _FILES.get(name, f"{name}.yml")).write_text(text)
    command = [str(RASA), "-m", "rasa", "train", "--debug", "--fixed-model-name", "bare"]
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=_quiet(), capture_output=True, check=True)
    return time.perf_counter() - began


def _calm_run(archive: Path) -> Callable[[int], list[str]]:
    command = [sys.executable, "-m", "modelservice.calm", "run", "--model", str(archive)]
    return lambda port: [*command, "--port", str(port)]


def _rasa_run(archive: Path) -> Callable[[int], list[str]]:
    command = [str(RASA), "-m", "rasa", "run", "--enable-api", "--model", str(archive)]
    return lambda port: [*command, "--port", str(port)]


def _bare_run(
    command: Callable[[int], list[str]], folder: Path, path: str, pause: float = 0.005
) -> tuple[float, float]:
    """Seconds until a bot that was started by hand answers, and its megabytes then."""
    port = free_port()
    (folder / "credentials.yml").write_text("rest:\n")
    began = time.perf_counter()
    variables = {**_quiet(), "PYTHONPATH": str(ROOT)}
    with _started(command(port), folder, variables) as process:
        _wait(lambda: _is_200(f"http://127.0.0.1:{port}{path}"), pause)
        seconds = time.perf_counter() - began
        return seconds, _megabytes(psutil.Process(process.pid))


@contextmanager
def _started(
    command: list[str], folder: Path, variables: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        command, cwd=folder, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _quiet() -> dict[str, str]:
    return {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2"}


def _asked(http: httpx2.Client, times: int) -> list[float]:
    """Milliseconds of each answer."""
    found = []
    for number in range(times):
        path = ("/bot", "/training?assistant_id=a1", "/bot/many-1")[number % 3]
        began = time.perf_counter()
        http.get(path)
        found.append((time.perf_counter() - began) * 1000)
    return found


def _is_bot(service: Service, name: str, status: str) -> bool:
    return bool(service.bot(name)["status"] == status)


def _has_ended(service: Service, name: str) -> bool:
    return bool(service.http.get(f"/training/{name}").json()["status"] != "running")


def _running(service: Service) -> bool:
    listed = service.http.get("/training", params={"assistant_id": "a1"}).json()
    return any(each["status"] == "running" for each in listed["training_sessions"])


def _children(service: Service) -> list[psutil.Process]:
    assert service.process is not None
    return psutil.Process(service.process.pid).children(recursive=True)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1_000_000


def _is_200(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=2).status_code == 200
    except httpx2.HTTPError:
        return False


def _wait(check: Callable[[], object], pause: float = 0.005) -> None:
    deadline = time.monotonic() + 300
    while not check():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(pause)
