"""Group `runtime`: training, starting and talking, with the bank sample."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2
import psutil

from tests.bench.figures import Figure, percentile
from tests.bench.studio import ROOT, RunningStudio

TURNS = (
    "I want to send money to Tom", "50 euros", "what is my balance?", "yes please", "no thanks",
    "block my card", "it was stolen", "where is the nearest branch?", "cancel", "hello",
)  # fmt: skip
ROUNDS = 20
_IMPORTS = "import aiohttp.web, socketio, jinja2, yaml"


def measure() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="studio-bench-"))
    shutil.copytree(ROOT / "studio/samples/bank", folder / "bank")
    bank = folder / "bank"
    _calm("train", "--domain", "domain", "--fixed-model-name", "m.tar.gz", directory=bank)
    imports = min(_seconds([sys.executable, "-c", _IMPORTS]) for _ in range(3))
    ready, resident, first, later, empty = _talk(bank)
    click = _train_click()
    return [
        Figure(
            "runtime", "ready after spawn", ready, "s", f"its imports alone {imports:.2f} s", 1.0
        ),
        Figure("runtime", "resident with the bank sample", resident, "MB", _import_megabytes(), 80),
        Figure("runtime", "first answer", first, "ms", f"GET / {empty:.1f} ms", 300),
        Figure("runtime", "later answers, p95", later, "ms", f"GET / {empty:.1f} ms", 50),
        Figure("runtime", "train click to ready to chat", click, "s", _bare_training(bank), 3.0),
    ]


def _calm(*arguments: str, directory: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "modelservice.calm", *arguments],
        cwd=directory,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        check=True,
        capture_output=True,
    )


def _talk(bank: Path) -> tuple[float, float, float, float, float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "modelservice.calm", "run", "--model", "models", "--port", str(port),
         "--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "--enable-api"],
        cwd=bank,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with httpx2.Client(base_url=url) as http:
            while not _ready(http):
                time.sleep(0.005)
            ready = time.perf_counter() - started
            times = [_answer_ms(http, f"sender-{n}", text) for n in range(ROUNDS) for text in TURNS]
            empty = percentile([_empty_ms(http) for _ in range(100)], 0.5)
        resident = psutil.Process(process.pid).memory_info().rss / 1024 / 1024
    finally:
        process.terminate()
        process.wait()
    return ready, resident, times[0], percentile(times[1:], 0.95), empty


def _ready(http: httpx2.Client) -> bool:
    try:
        return http.get("/license").is_success
    except httpx2.HTTPError:
        return False


def _answer_ms(http: httpx2.Client, sender: str, text: str) -> float:
    started = time.perf_counter()
    body = {"sender": sender, "message": text}
    http.post("/webhooks/rest/webhook", content=json.dumps(body)).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _empty_ms(http: httpx2.Client) -> float:
    started = time.perf_counter()
    http.get("/")
    return (time.perf_counter() - started) * 1000


def _train_click() -> float:
    with RunningStudio() as studio, studio.api() as api:
        made = api.post("assistants/", json={"name": "Bank", "sample": "bank"}).json()
        return studio.trained(api, made["id"])[1]


def _bare_training(bank: Path) -> str:
    started = time.perf_counter()
    _calm("train", "--domain", "domain", "--fixed-model-name", "x.tar.gz", directory=bank)
    return f"bare train command {time.perf_counter() - started:.2f} s"


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def _import_megabytes() -> str:
    code = f"{_IMPORTS}, psutil; print(psutil.Process().memory_info().rss / 1024 / 1024)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return f"its imports alone {float(done.stdout):.0f} MB"
