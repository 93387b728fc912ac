"""Group `web`: what the browser loads, and how fast a large flow opens, in a real Chromium."""

import gzip
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

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
        seen = _browse(studio.url, f"/assistants/{made['id']}/flows/large")
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


def _browse(url: str, path: str) -> dict[str, float]:
    done = subprocess.run(
        ["deploy/scripts/with-node", "node", "frontend/e2e/measure.mjs"],
        cwd=ROOT,
        env={**os.environ, "STUDIO_URL": url, "FLOW_PATH": path, "PASSWORD": "measure everything"},
        check=True,
        capture_output=True,
        text=True,
    )
    seen: dict[str, float] = json.loads(done.stdout)
    return seen
