"""`python -m tests.bench [GROUP]`: prints a table and writes `bench.json` at the root."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    actions,
    api,
    cli,
    content,
    history,
    identity,
    ingest,
    modelservice,
    runtime,
    start,
    understanding,
    web,
)
from tests.bench.figures import Figure, table, write
from tests.running_studio import ROOT

GROUPS: dict[str, Callable[[], list[Figure]]] = {
    "runtime": lambda: [*runtime.measure(), *understanding.measure()],
    "actions": actions.measure,
    "bridge": modelservice.measure,
    "ingest": ingest.measure,
    "api": lambda: [*api.measure(), *identity.measure()],
    "cli": cli.measure,
    "content": lambda: [*content.measure(), *history.measure()],
    "web": web.measure,
    "start": start.measure,
}


def main() -> int:
    wanted = sys.argv[1:] or list(GROUPS)
    unknown = [name for name in wanted if name not in GROUPS]
    if unknown:
        print(f"There is no group {unknown[0]!r}. Groups are: {', '.join(GROUPS)}.")
        return 2
    # What is measured understands offline; a developer's own key would be paid for.
    os.environ.pop("OPENAI_API_KEY", None)
    return measure({name: GROUPS[name] for name in wanted}, ROOT / "bench.json")


def measure(groups: dict[str, Callable[[], list[Figure]]], path: Path) -> int:
    """Write what each group has measured when it ends; one that fails is told, and 1 returned."""
    figures: list[Figure] = []
    failed: list[str] = []
    for name, group in groups.items():
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        try:
            figures += group()
        except Exception as error:
            traceback.print_exc()
            for output in (getattr(error, "stdout", None), getattr(error, "stderr", None)):
                if output:  # of a command that failed
                    print(output, file=sys.stderr)
            failed.append(name)
        write(figures, path)
    print(table(figures))
    if failed:
        print(f"These groups have failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
