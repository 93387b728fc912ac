"""Group `start`: from the command to a page, and what the whole system weighs."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2

from tests.bench.figures import Figure
from tests.running_studio import ROOT, RunningStudio

REST_SECONDS = 5


def measure() -> list[Figure]:
    bare = _seconds([sys.executable, "manage.py", "check"])
    directory = Path(tempfile.mkdtemp(prefix="studio-bench-"))
    with RunningStudio(directory):
        pass  # the first start makes database, keys and user
    with RunningStudio(directory, ["make", "up"]) as studio:
        warm = _seconds_to_page(studio)
        time.sleep(REST_SECONDS)
        resident = studio.resident_megabytes()
    first, clone = _first_ever()
    check = f"manage.py check {bare:.2f} s"
    return [
        Figure("start", "warm make up to a page", warm, "s", check, 15),
        Figure(
            "start", "first make up, packages cached", first, "s", f"git clone {clone:.2f} s", 180
        ),
        Figure("start", "whole system at rest", resident, "MB", _bare_python(), 600),
    ]


def _first_ever() -> tuple[float, float]:
    """A fresh clone in a new folder, with the package clients' own caches."""
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        started = time.perf_counter()
        subprocess.run(["git", "clone", "-q", str(ROOT), f"{folder}/studio"], check=True)
        cloned = time.perf_counter() - started
        command = ["make", "-C", f"{folder}/studio", "up"]
        with RunningStudio(Path(folder) / "data", command) as studio:
            return _seconds_to_page(studio), cloned


def _seconds_to_page(studio: RunningStudio) -> float:
    started = time.perf_counter()
    httpx2.get(studio.url).raise_for_status()
    return studio.seconds_to_start + time.perf_counter() - started


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started


def _bare_python() -> str:
    code = "import psutil; print(psutil.Process().memory_info().rss / 1024 / 1024)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return f"one bare Python {float(done.stdout):.0f} MB"
