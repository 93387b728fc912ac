"""Collects the problems of one item."""

from typing import Any

from modelservice.project.checks.problems import Fix, Problem, Severity


class Report:
    def __init__(self, kind: str, item_id: str, item_name: str) -> None:
        self._kind, self._id, self._name = kind, item_id, item_name
        self.problems: list[Problem] = []

    def error(self, code: str, message: str, **place: Any) -> None:
        self.add(code, "error", message, **place)

    def warning(self, code: str, message: str, **place: Any) -> None:
        self.add(code, "warning", message, **place)

    def add(self, code: str, severity: Severity, message: str, **place: Any) -> None:
        self.problems.append(
            Problem(
                code=code,
                severity=severity,
                message=message,
                kind=self._kind,
                id=self._id,
                item_name=self._name,
                step=place.get("step"),
                pointer=place.get("pointer"),
                fix=place.get("fix"),
            )
        )


def create(what: str, name: str, **more: Any) -> Fix:
    """The fix "create the missing …"."""
    return Fix(f"Create {what}", f"create_{what}", {"id": name, **more})
