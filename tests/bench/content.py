"""Group `content`: a large project comes in, is listed, checked, and goes out."""

import io
import time
import zipfile

import httpx2
import yaml

from tests.bench.figures import Figure
from tests.running_studio import RunningStudio

FLOWS = 1000
RESPONSES = 5000


def measure() -> list[Figure]:
    archive, texts = large_project()
    started = time.perf_counter()
    for text in texts:
        yaml.load(text, Loader=yaml.CSafeLoader)
    raw = time.perf_counter() - started
    with RunningStudio() as studio, studio.api() as api:
        imported, base = _import(api, archive)
        reference = f"libyaml load of the same text {raw:.2f} s"
        me = _seconds(api, "me/")
        light = f"GET me/ {me:.3f} s"
        return [
            Figure("content", "import 1,000 flows, 5,000 responses", imported, "s", reference, 3),
            Figure(
                "content",
                "list 1,000 flows",
                _seconds(api, f"{base}flows/?page_size=1000"),
                "s",
                light,
                1,
            ),
            Figure(
                "content",
                "check the whole assistant",
                _seconds(api, f"{base}validation/"),
                "s",
                light,
                2,
            ),
            Figure(
                "content",
                "export it as a zip",
                _seconds(api, f"{base}export/"),
                "s",
                reference,
                0.3,
            ),
        ]


def large_project() -> tuple[bytes, list[str]]:
    """A project with flows that ask, branch and answer; written as people do, in several files."""
    flow_files = [_flows(range(start, start + 100)) for start in range(0, FLOWS, 100)]
    domain = [_responses(range(start, start + 1000)) for start in range(0, RESPONSES, 1000)]
    slots = "slots:\n" + "".join(f"  slot_{n}:\n    type: text\n" for n in range(FLOWS))
    files = {
        "config.yml": "recipe: default.v1\nlanguage: en\nassistant_id: large\n",
        "endpoints.yml": "",
        "domain/slots.yml": slots,
        **{f"domain/responses_{n}.yml": text for n, text in enumerate(domain)},
        **{f"data/flows/flows_{n}.yml": text for n, text in enumerate(flow_files)},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue(), list(files.values())


def _flows(numbers: range) -> str:
    return "flows:\n" + "".join(
        f"""  flow_{n}:
    name: flow {n}
    description: does job number {n}
    steps:
      - collect: slot_{n}
        utter: utter_{n * 5}
        next:
          - if: slots.slot_{n} is "a"
            then:
              - action: utter_{n * 5 + 1}
                next: END
          - else:
              - action: utter_{n * 5 + 2}
                next: END
"""
        for n in numbers
    )


def _responses(numbers: range) -> str:
    return "responses:\n" + "".join(
        f"  utter_{n}:\n    - text: This is what I say for number {n}.\n" for n in numbers
    )


def _import(api: httpx2.Client, archive: bytes) -> tuple[float, str]:
    started = time.perf_counter()
    answer = api.post("assistants/import/", files={"file": ("large.zip", archive)})
    seconds = time.perf_counter() - started
    answer.raise_for_status()
    return seconds, f"assistants/{answer.json()['assistant']['id']}/"


def _seconds(api: httpx2.Client, path: str) -> float:
    """The second of two requests: what a person feels when he comes back to the page."""
    api.get(path).raise_for_status()
    started = time.perf_counter()
    api.get(path).raise_for_status()
    return time.perf_counter() - started
