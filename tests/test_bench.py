"""The harness of `make bench`: what a group has measured is kept if another one fails."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import measure
from tests.bench.figures import Figure


def figure(group: str) -> list[Figure]:
    return [Figure(group, "a figure", 1.0, "s", "beside nothing", 2.0)]


def test_a_group_that_fails_takes_nothing_from_the_others(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bench.json"
    seen: list[list[str]] = []

    def written() -> list[str]:
        return [row["group"] for row in json.loads(path.read_text())]

    def failing() -> list[Figure]:
        seen.append(written())
        script = "import sys; print('no browser', file=sys.stderr); sys.exit(3)"
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
        return []

    def last() -> list[Figure]:
        seen.append(written())
        return figure("last")

    groups = {"first": lambda: figure("first"), "broken": failing, "last": last}
    assert measure(groups, path) == 1
    assert seen == [["first"], ["first"]], "each group is written when it ends"
    assert written() == ["first", "last"]
    said = capfd.readouterr()
    assert "no browser" in said.err
    assert "These groups have failed: broken." in said.err
    assert "first" in said.out
    assert measure({"first": groups["first"]}, path) == 0
