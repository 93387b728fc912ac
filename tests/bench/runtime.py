"""Group `runtime`: training, starting and talking, with the bank sample and with larger ones."""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2
import psutil
import yaml

from modelservice.service.ports import free_port
from tests.bench.assistants import task, write_assistant
from tests.bench.embeddings import embedding_process, message_figures
from tests.bench.figures import Figure, percentile
from tests.running_studio import ROOT, RunningStudio

TURNS = (
    "I want to send money to Tom", "50 euros", "what is my balance?", "yes please", "no thanks",
    "block my card", "it was stolen", "where is the nearest branch?", "cancel", "hello",
)  # fmt: skip
ROUNDS = 20
CONVERSATIONS = 50
LONG_TURNS = 1000
MANY_CONVERSATIONS = 10_000
_IMPORTS = "import aiohttp.web, socketio, jinja2, yaml"


def measure() -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="studio-bench-"))
    shutil.copytree(ROOT / "studio/samples/bank", folder / "bank")
    imports = min(_seconds([sys.executable, "-c", _IMPORTS]) for _ in range(3))
    return [
        *_bank(folder / "bank", f"its imports alone {imports:.2f} s"),
        *_sizes(folder),
        _embedded_turn(folder / "bank"),
        *message_figures(),
        Figure(
            "runtime",
            "train click to ready to chat",
            _train_click(),
            "s",
            _bare_training(folder / "bank"),
            3.0,
        ),
    ]


def _bank(bank: Path, imports: str) -> list[Figure]:
    _train(bank)
    ready = min(_ready_seconds(bank) for _ in range(3))
    with _Running(bank) as bot:
        times = [bot.answer_ms(f"sender-{n}", text) for n in range(ROUNDS) for text in TURNS]
        empty = f"GET / {bot.empty_ms():.1f} ms"
        resident = bot.megabytes()
        turn, long = _in_turn(bot), _growth(bot)
        for number in range(MANY_CONVERSATIONS):
            bot.answer_ms(f"one-of-many-{number}", TURNS[0])
        crowded = bot.megabytes()
    first, later = times[0], percentile(times[1:], 0.95)
    return [
        Figure("runtime", "ready after spawn", ready, "s", imports, 0.6),
        Figure("runtime", "resident with the bank sample", resident, "MB", _import_megabytes(), 60),
        Figure(
            "runtime",
            "resident after 10,000 conversations",
            crowded,
            "MB",
            f"before them {resident:.0f} MB",
            160,
        ),
        Figure("runtime", "first answer", first, "ms", empty, 300),
        Figure("runtime", "later answers, p95", later, "ms", empty, 50),
        Figure("runtime", "a turn, 50 conversations in turn", turn, "ms", empty, 5),
        Figure("runtime", "last turns of 1,000 to the first", *long, 1.5),
    ]


def _in_turn(bot: "_Running") -> float:
    """Milliseconds for each of 1,000 turns: 5 are 200 a second."""
    started = time.perf_counter()
    rounds = 2
    for text in TURNS * rounds:
        for number in range(CONVERSATIONS):
            bot.answer_ms(f"in-turn-{number}", text)
    return (time.perf_counter() - started) * 1000 / (rounds * len(TURNS) * CONVERSATIONS)


def _growth(bot: "_Running") -> tuple[float, str, str]:
    """How much longer the last 50 turns of a conversation take than its first 50."""
    before = bot.empty_ms()
    times = [bot.answer_ms("long", TURNS[n % len(TURNS)]) for n in range(LONG_TURNS)]
    after = bot.empty_ms()
    ratio = percentile(times[-50:], 0.5) / percentile(times[:50], 0.5)
    return ratio, "times", f"GET / {after / before:.2f} times"


def _sizes(folder: Path) -> list[Figure]:
    figures = []
    for flows, most in ((30, 60), (1000, 120)):
        project = write_assistant(folder / f"flows_{flows}", flows)
        started = time.perf_counter()
        _train(project)
        trained = time.perf_counter() - started
        with _Running(project) as bot:
            for number in range(CONVERSATIONS):
                for text in (f"I want to {task(number)}", "tomorrow", "50", "Tom", "yes"):
                    bot.answer_ms(f"sender-{number}", text)
            resident = bot.megabytes()
        name = f"resident with {flows:,} flows"
        figures.append(Figure("runtime", name, resident, "MB", _import_megabytes(), most))
    raw = f"libyaml load of its files {_yaml_seconds(project):.2f} s"
    return [
        *figures,
        Figure("runtime", "train 1,000 flows", trained, "s", raw, 1.5),
        _embedded_training(project),
    ]


def _embedded_training(project: Path) -> Figure:
    """The second one, which embeds nothing anew."""
    with embedding_process() as (socket, pid):
        first, _ = _seconds_of_training(project, socket)
        times = psutil.Process(pid).cpu_times()
        second, processor = _seconds_of_training(project, socket)
    spent = (
        f"the first time {first:.0f} s, its embeddings {times.user + times.system:.0f} s of "
        f"processor time; the second training's own {processor:.1f} s"
    )
    return Figure("runtime", "train 1,000 flows with embeddings, again", second, "s", spent, 2.0)


def _seconds_of_training(project: Path, socket: Path) -> tuple[float, float]:
    """By the clock, and of its processor time."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    _train(project, {"CALM_EMBEDDINGS": str(socket)})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return time.perf_counter() - started, spent


def _embedded_turn(bank: Path) -> Figure:
    """Turns with new messages, for whose embeddings a bot waits 30 ms."""
    texts = [
        f"{start} {what} {when}"
        for start in ("I want to", "could you", "please help me to", "can I")
        for what in ("block my card", "send money to Tom", "see my balance", "find a branch")
        for when in ("now", "on Friday if possible", "before I leave for Lisbon next week")
    ]
    by_words = _turns(bank, texts, {})
    with embedding_process() as (socket, _):
        variables = {"CALM_EMBEDDINGS": str(socket)}
        _train(bank, variables)
        embedded = _turns(bank, texts, variables)
    value = percentile(embedded, 0.95)
    beside = f"by words alone {percentile(by_words, 0.95):.1f} ms"
    return Figure("runtime", "a turn with embeddings, p95", value, "ms", beside, 25)


def _turns(bank: Path, texts: list[str], variables: dict[str, str]) -> list[float]:
    with _Running(bank, variables) as bot:
        return [bot.answer_ms(f"of-{n}", text) for n, text in enumerate(texts)]


def _yaml_seconds(project: Path) -> float:
    texts = [file.read_text() for file in project.rglob("*.yml")]
    started = time.perf_counter()
    for text in texts:
        yaml.load(text, Loader=yaml.CSafeLoader)
    return time.perf_counter() - started


def _train(project: Path, variables: dict[str, str] | None = None) -> None:
    arguments = ("train", "--domain", "domain", "--fixed-model-name", "m.tar.gz")
    subprocess.run(
        [sys.executable, "-m", "modelservice.calm", *arguments],
        cwd=project,
        env={**_ENVIRONMENT, **(variables or {})},
        check=True,
        capture_output=True,
    )


_ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": ""}


class _Running:
    """A running assistant; `seconds` is from its spawn to its first answer."""

    def __init__(self, project: Path, variables: dict[str, str] | None = None) -> None:
        port = free_port()
        self._environment = {**_ENVIRONMENT, **(variables or {})}
        self._command = [
            *(sys.executable, "-m", "modelservice.calm", "run", "--model", "models"),
            *("--port", str(port), "--endpoints", "endpoints.yml"),
            *("--credentials", "credentials.yml", "--enable-api"),
        ]
        self._project = project
        self._http = httpx2.Client(base_url=f"http://127.0.0.1:{port}")
        self.seconds = 0.0

    def __enter__(self) -> "_Running":
        started = time.perf_counter()
        self._process = subprocess.Popen(
            self._command,
            cwd=self._project,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self._is_ready():
            time.sleep(0.005)
        self.seconds = time.perf_counter() - started
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._process.terminate()
        self._process.wait()

    def _is_ready(self) -> bool:
        try:
            return self._http.get("/license").is_success
        except httpx2.HTTPError:
            return False

    def megabytes(self) -> float:
        return psutil.Process(self._process.pid).memory_info().rss / 1024 / 1024

    def answer_ms(self, sender: str, text: str) -> float:
        started = time.perf_counter()
        body = json.dumps({"sender": sender, "message": text})
        self._http.post("/webhooks/rest/webhook", content=body).raise_for_status()
        return (time.perf_counter() - started) * 1000

    def empty_ms(self) -> float:
        """The median of requests that ask for nothing."""
        times = []
        for _ in range(100):
            started = time.perf_counter()
            self._http.get("/")
            times.append((time.perf_counter() - started) * 1000)
        return percentile(times, 0.5)


def _ready_seconds(project: Path) -> float:
    with _Running(project) as bot:
        return bot.seconds


def _train_click() -> float:
    with RunningStudio() as studio, studio.api() as api:
        made = api.post("assistants/", json={"name": "Bank", "sample": "bank"}).json()
        return studio.trained(api, made["id"])[1]


def _bare_training(bank: Path) -> str:
    started = time.perf_counter()
    _train(bank)
    return f"bare train command {time.perf_counter() - started:.2f} s"


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def _import_megabytes() -> str:
    code = f"{_IMPORTS}, psutil; print(psutil.Process().memory_info().rss / 1024 / 1024)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return f"its imports alone {float(done.stdout):.0f} MB"
