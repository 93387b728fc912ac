"""What a figure is, and how it is written."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured value. `reference` says what it stands beside, with its own value and unit.

    The target is an upper limit unless it is to be reached `at_least`.
    """

    group: str
    name: str
    value: float
    unit: str
    reference: str
    target: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.target if self.at_least else self.value <= self.target

    def as_dict(self) -> dict[str, Any]:
        body = asdict(self)
        del body["at_least"]
        return {**body, "holds": self.holds}


def write(figures: list[Figure], path: Path) -> None:
    rows = [each.as_dict() for each in figures]
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def table(figures: list[Figure]) -> str:
    head = ("group", "figure", "value", "target", "holds", "reference in the same run")
    rows = [
        (
            each.group,
            each.name,
            f"{each.value:.4g} {each.unit}",
            f"{'≥' if each.at_least else '≤'} {each.target:.4g}",
            "yes" if each.holds else "NO",
            each.reference,
        )
        for each in figures
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    ]
    return "\n".join(lines)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
