"""Zips: links inside them, and zips that were made to cost time or memory."""

import io
import stat
import time
import zipfile
from collections.abc import Mapping

import pytest

from modelservice.project.archive import Archive, ArchiveLimits, read_archive
from modelservice.project.errors import ProjectError


def packed(files: Mapping[str, str], links: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
        for path, target in links.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, target)
    return buffer.getvalue()


def read(links: Mapping[str, str]) -> Archive:
    files = {"config.yml": "a", "shared/flows.yml": "b", "shared/deep/nlu.yml": "c"}
    return read_archive(packed(files, links))


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ({"data/flows.yml": "../shared/flows.yml"}, {"data/flows.yml": b"b"}),
        ({"data": "shared"}, {"data/flows.yml": b"b", "data/deep/nlu.yml": b"c"}),
        ({"data": "./shared/"}, {"data/flows.yml": b"b", "data/deep/nlu.yml": b"c"}),
        ({"x": "y", "y": "z", "z": "config.yml"}, dict.fromkeys("xyz", b"a")),
        ({"data": "other", "other": "shared/deep"}, {"data/nlu.yml": b"c", "other/nlu.yml": b"c"}),
        ({"via": "shared", "f.yml": "via/deep/nlu.yml"}, {"f.yml": b"c", "via/flows.yml": b"b"}),
        ({"shared/deep/up": ".."}, {"shared/deep/up/flows.yml": b"b"}),
    ],
)
def test_links_inside(links: dict[str, str], found: dict[str, bytes]) -> None:
    archive = read(links)
    assert found.items() <= archive.files.items()
    assert not archive.left_out


@pytest.mark.parametrize(
    "links",
    [
        {"a": "a"},
        {"a": "b", "b": "a"},
        {"a": "/etc/passwd"},
        {"a": "../config.yml"},
        {"data/a": "../../etc/passwd"},
        {"a": "gone.yml"},
        {"a": ""},
        {"a": "x" * 10_000},
        {f"l{number}": f"l{number + 1}" for number in range(40)},
    ],
    ids=str,
)
def test_links_that_lead_nowhere(links: dict[str, str]) -> None:
    archive = read(links)
    assert archive.left_out.keys() <= links.keys()
    assert archive.left_out
    assert {"config.yml", "shared/flows.yml", "shared/deep/nlu.yml"} <= archive.files.keys()
    assert not any(path.startswith(("..", "/")) for path in archive.files)


def test_folders_of_links_that_multiply_are_refused() -> None:
    links = {f"d{n}/{side}": f"../d{n - 1}" for n in range(1, 30) for side in "lrxy"}
    started = time.perf_counter()
    with pytest.raises(ProjectError, match="more than"):
        read_archive(packed({"d0/a": "x"}, links))
    assert time.perf_counter() - started < 10


def test_ten_thousand_links_cost_no_minutes() -> None:
    files = {f"d/{number}": "" for number in range(5000)}
    links = {f"l{number}": "d" if number % 2 else "gone" for number in range(10_000)}
    started = time.perf_counter()
    with pytest.raises(ProjectError, match="more than 20,000 entries"):
        read_archive(packed(files, links), ArchiveLimits())
    assert time.perf_counter() - started < 20
