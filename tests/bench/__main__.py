"""`python -m tests.bench [GROUP]`: prints a table and writes `bench.json` at the root."""

import os
import sys
from collections.abc import Callable

from tests.bench import (
    api,
    content,
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
    "bridge": modelservice.measure,
    "ingest": ingest.measure,
    "api": lambda: [*api.measure(), *identity.measure()],
    "content": content.measure,
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
    figures: list[Figure] = []
    for name in wanted:
        print(f"measuring {name} …", file=sys.stderr)
        figures += GROUPS[name]()
    print(table(figures))
    write(figures, ROOT / "bench.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
