"""Group `web`: what the browser loads, how fast a large flow and a long list open, in Chromium."""

import gzip
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.bench.content import RESPONSES, large_project
from tests.bench.figures import Figure
from tests.running_studio import ROOT, RunningStudio

STEPS = 300


def measure() -> list[Figure]:
    subprocess.run([ROOT / "deploy/scripts/install-chromium"], check=True)
    entry, everything = _javascript_kilobytes()
    with RunningStudio() as studio, studio.api() as api:
        made = api.post("assistants/", json={"name": "Large"}).json()
        flow = f"assistants/{made['id']}/flows/"
        api.post(flow, json={"id": "large", "body": large_flow()}).raise_for_status()
        seen = _browse("measure.mjs", studio.url, FLOW_PATH=f"/assistants/{made['id']}/flows/large")
        archive, _texts = large_project()
        upload = {"file": ("large.zip", archive, "application/zip")}
        imported = api.post("assistants/import/", data={"name": "Words"}, files=upload).json()
        words = _browse("measure-responses.mjs", studio.url, ASSISTANT=imported["assistant"]["id"])
    blank = f"a blank page {seen['blank_ms']:.0f} ms"
    return [
        Figure(
            "web",
            "JavaScript of the first page",
            entry,
            "kB",
            f"all pages {everything:.0f} kB",
            300,
        ),
        Figure("web", f"a flow of {STEPS} steps opens", seen["open_ms"] / 1000, "s", blank, 1.0),
        Figure("web", "longest frame while panning it", seen["longest_frame_ms"], "ms", blank, 100),
        *_of_responses(words),
    ]


def _of_responses(seen: dict[str, float]) -> list[Figure]:
    many = f"{RESPONSES:,} responses"
    empty = f"an empty page of the same shell {seen['empty_ms'] / 1000:.2f} s"
    plain = f"a plain virtual list of as many rows {seen['plain_fps']:.0f}/s"
    return [
        Figure("web", f"{many}: first rows", seen["rows_ms"] / 1000, "s", empty, 0.3),
        Figure("web", f"{many}: key of a search to paint", seen["typing_ms"], "ms", empty, 50),
        Figure(
            "web", f"{many}: scrolling", seen["scroll_fps"], "frames/s", plain, 50, at_least=True
        ),
    ]


def large_flow() -> dict[str, Any]:
    """Messages with a branch every tenth step."""
    steps: list[dict[str, Any]] = []
    for number in range(STEPS // 12):
        steps += [{"id": f"say_{number}_{n}", "action": "utter_step"} for n in range(9)]
        after = f"say_{number + 1}_0" if number < STEPS // 12 - 1 else "END"
        branch = {"if": 'slots.choice is "a"', "then": [{"action": "utter_step", "next": after}]}
        other = {"else": [{"action": "utter_step", "next": after}]}
        steps.append({"id": f"choose_{number}", "noop": True, "next": [branch, other]})
    return {"name": "large", "description": "three hundred steps", "steps": steps}


def _javascript_kilobytes() -> tuple[float, float]:
    """What `index.html` loads by itself, and every script there is, as gzip sends them."""
    dist = ROOT / "frontend" / "dist"
    page = (dist / "index.html").read_text(encoding="utf-8")
    loaded = {
        dist / name.lstrip("/") for name in re.findall(r'(?:src|href)="(/assets/[^"]+\.js)"', page)
    }
    return sum(map(_compressed, loaded)), sum(map(_compressed, (dist / "assets").glob("*.js")))


def _compressed(path: Path) -> float:
    return len(gzip.compress(path.read_bytes())) / 1024


def _browse(script: str, url: str, **settings: str) -> dict[str, float]:
    done = subprocess.run(
        ["deploy/scripts/with-node", "node", f"frontend/e2e/{script}"],
        cwd=ROOT,
        env={**os.environ, "STUDIO_URL": url, "PASSWORD": "measure everything", **settings},
        check=True,
        capture_output=True,
        text=True,
    )
    seen: dict[str, float] = json.loads(done.stdout)
    return seen
