"""Which steps of the assistant's flows test cases went through."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelservice.calm.content.flow import ActionStep, CallStep, CollectStep, Flow, LinkStep
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.events import Event

_COLUMNS = ("Flow Name", "Coverage", "Num Steps", "Missing Steps", "Line Numbers")
_COUNTED = (ActionStep, CallStep, CollectStep, LinkStep)
# Flow and step, as the metadata of events name them.
Visited = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FlowCoverage:
    """`missing` are the steps that no case went through, with their lines where known."""

    flow: Flow
    steps: int
    missing: Mapping[str, int | None]

    @property
    def name(self) -> str:
        return f"{self.flow.file or 'flows.yml'}::{self.flow.id}"

    @property
    def share(self) -> float:
        return 1 - len(self.missing) / self.steps if self.steps else 1.0

    def as_dict(self) -> dict[str, Any]:
        missing = [{"step_id": step, "line": line} for step, line in self.missing.items()]
        return {
            "flow_id": self.flow.id,
            "file": self.flow.file,
            "coverage": round(self.share, 4),
            "steps": self.steps,
            "missing": missing,
        }


def visited_steps(events: Iterable[Event]) -> Visited:
    """Every step that a flow stood on: each change of the stack names it."""
    return frozenset(
        (str(event.metadata["active_flow"]), str(event.metadata["step_id"]))
        for event in events
        if "active_flow" in event.metadata and "step_id" in event.metadata
    )


def commands_of(events: Iterable[Event]) -> Counter[str]:
    """How often the users' messages asked for which command."""
    return Counter(
        str(command["command"])
        for event in events
        if event.type == "user"
        for command in event["parse_data"].get("commands", ())
    )


def coverage_of(
    assistant: Assistant, visited: Visited, lines: Mapping[str, Mapping[str, int]]
) -> list[FlowCoverage]:
    """The user's flows, the least covered last; `lines` are those of steps, by flow."""
    found = []
    for flow in assistant.flows.user_flows():
        counted = [step.id for step in flow.steps.values() if isinstance(step, _COUNTED)]
        known = lines.get(flow.id, {})
        missing = {step: known.get(step) for step in counted if (flow.id, step) not in visited}
        found.append(FlowCoverage(flow, len(counted), missing))
    return sorted(found, key=lambda coverage: (-coverage.share, coverage.name))


def coverage_rows(coverages: list[FlowCoverage]) -> list[tuple[str, ...]]:
    """The report as a table, with its heading and the total."""
    steps = sum(coverage.steps for coverage in coverages)
    missing = sum(len(coverage.missing) for coverage in coverages)
    share = 1 - missing / steps if steps else 1.0
    total = ("Total", f"{share:.2%}", str(steps), str(missing), "")
    return [_COLUMNS, *map(_row, coverages), total]


def _row(coverage: FlowCoverage) -> tuple[str, ...]:
    lines = ", ".join(str(line) for line in coverage.missing.values() if line is not None)
    missing = str(len(coverage.missing))
    return (
        *(coverage.name, f"{coverage.share:.2%}", str(coverage.steps), missing),
        f"[{lines}]" if lines else "",
    )


def write_table(path: Path, rows: Iterable[Iterable[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
