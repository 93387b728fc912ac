"""What can be wrong with a project, always with the place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one place of a project; `line` counts from 1."""

    message: str
    file: str | None = None
    line: int | None = None
    item: str | None = None

    def as_dict(self) -> dict[str, str | int]:
        pairs = (
            ("file", self.file),
            ("line", self.line),
            ("item", self.item),
            ("message", self.message),
        )
        return {name: value for name, value in pairs if value is not None}


class ProjectError(Exception):
    """The project cannot be read; `findings` says why, each in the author's words."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = list(findings)
