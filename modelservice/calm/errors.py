"""Errors that a user of the runtime sees, each with a message made to be read."""

from __future__ import annotations


class CalmError(Exception):
    """Base of every expected failure; `str()` is one readable sentence."""


class ProjectError(CalmError):
    """Something in a project's files is wrong; names file, line and item where known."""

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        item: str | None = None,
    ) -> None:
        self.message = message
        self.file = file
        self.line = line
        self.item = item
        super().__init__(self._text())

    def _text(self) -> str:
        place = self.file or ""
        if place and self.line is not None:
            place = f"{place}:{self.line}"
        parts = [part for part in (place, self.item, self.message) if part]
        return ": ".join(parts)


class ActionFailure(CalmError):
    """A custom action could not be run or gave an answer that makes no sense."""


class ActionRejected(CalmError):
    """The action server refused to run the action (HTTP 400)."""
