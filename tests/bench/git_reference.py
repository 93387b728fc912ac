"""git doing what content as commits does, with the same files."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_GIT = {
    **os.environ,
    **{
        f"GIT_{who}_{what}": "bench"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    },
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def timed(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


@contextmanager
def repository() -> Iterator[tuple[Path, Callable[..., float]]]:
    """A folder, and git in it; each call tells how many milliseconds it took."""
    with tempfile.TemporaryDirectory() as folder:

        def git(*words: str, **options: Any) -> float:
            def run() -> None:
                subprocess.run(
                    ["git", "-C", folder, *words],
                    env=_GIT,
                    check=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    **options,
                )

            return timed(run)

        git("init", "-q", "-b", "main")
        yield Path(folder), git


def git_size(trees: list[dict[str, str]]) -> int:
    """Bytes of a packed repository with a commit for each of these changes."""
    with repository() as (folder, git):
        stream = []
        for number, files in enumerate(trees, 1):
            stream.append(f"commit refs/heads/main\nmark :{number}\n")
            stream.append(f"committer bench <bench> {number} +0000\ndata 0\n")
            for name, text in files.items():
                stream.append(f"M 644 inline {name}\ndata {len(text.encode())}\n{text}\n")
        git("fast-import", "--quiet", input="".join(stream).encode())
        git("gc", "-q", "--aggressive")
        packs = (folder / ".git/objects/pack").glob("*.pack")
        return sum(path.stat().st_size for path in packs)


@contextmanager
def git_history(
    count: int, files: int, text_of: Callable[[int], str]
) -> Iterator[Callable[..., float]]:
    with repository() as (_folder, git):
        stream = []
        for number in range(1, count + 1):
            text = text_of(number)
            stream.append(
                f"commit refs/heads/main\nmark :{number}\ncommitter bench <bench> {number} +0000\n"
                f"data 0\nM 644 inline flow_{number % files}.json\n"
                f"data {len(text.encode())}\n{text}\n"
            )
        git("fast-import", "--quiet", input="".join(stream).encode())
        yield git


def git_merge(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> float:
    """Seconds."""
    with repository() as (folder, git):

        def commit(bodies: dict[str, Any]) -> None:
            for key, body in bodies.items():
                (folder / f"{key}.json").write_text(json.dumps(body, indent=1))
            git("add", "-A")
            git("commit", "-q", "-m", "x")

        commit(base)
        git("checkout", "-q", "-b", "draft")
        commit(theirs)
        git("checkout", "-q", "main")
        commit(mine)
        return git("merge", "-q", "--no-edit", "draft") / 1000
