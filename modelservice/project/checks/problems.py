"""A problem: where it is, what it means, and what would mend it."""

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fix:
    """`action` and `arguments` are for programs, `label` is what the button says."""

    label: str
    action: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """`pointer` is a JSON pointer into the body of the item, of the field or step."""

    code: str
    severity: Severity
    message: str
    kind: str
    id: str
    item_name: str
    step: str | None = None
    pointer: str | None = None
    fix: Fix | None = None

    def as_dict(self) -> dict[str, Any]:
        fix = self.fix and {
            "label": self.fix.label,
            "action": self.fix.action,
            "arguments": self.fix.arguments,
        }
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "kind": self.kind,
            "id": self.id,
            "item_name": self.item_name,
            "step": self.step,
            "pointer": self.pointer,
            "fix": fix,
        }
