"""What differs between two bodies of one item, in one vocabulary: item, step, field, action.

The API, the pages, refusals and the activity record use it. Pure.
"""

from dataclasses import dataclass
from typing import Any, Literal

from modelservice.project.alignment import align
from modelservice.project.flow_document import STEP_KINDS
from studio.content.merge import MISSING, Pointer, same

Action = Literal["added", "removed", "changed", "moved"]

# What the author calls the entries of a list that has this name.
_ENTRIES = {"steps": "step", "then": "step", "else": "step", "next": "branch", "buttons": "button"}
_CHECKS = {"rejections": "check"}


@dataclass(frozen=True, slots=True)
class Difference:
    """`path` is of the value after, or of the value before where it was removed.

    `step` names the innermost step that the value is in: its id, or its kind and what it is about.
    """

    action: Action
    path: Pointer
    step: str | None
    field: str
    before: Any
    after: Any

    @property
    def sentence(self) -> str:
        """In words, such as “step *ask_amount*: a check was added”."""
        what = self.field if self.field.startswith(("a ", "the ")) else f"the {self.field}"
        sentence = f"{what} was {self.action}"
        return f"step *{self.step}*: {sentence}" if self.step else sentence

    def as_dict(self) -> dict[str, Any]:
        values = {"before": self.before, "after": self.after}
        return {
            "action": self.action,
            "path": list(self.path),
            "step": self.step,
            "field": self.field,
            **{name: None if value is MISSING else value for name, value in values.items()},
            "sentence": self.sentence,
        }


def diff(before: Any, after: Any) -> list[Difference]:
    """Every difference, outermost first; either side may be MISSING (the item is not there)."""
    found: list[Difference] = []
    _Walk(found).value(before, after, (), None, "item")
    return found


def step_label(step: dict[str, Any]) -> str:
    """The id of a step, or what it does: “collect amount”."""
    if isinstance(step.get("id"), str):
        return str(step["id"])
    kind = next((kind for kind in STEP_KINDS if kind in step), None)
    if kind is None:
        return "step"
    return f"{kind} {step[kind]}" if isinstance(step[kind], str) else kind.replace("_", " ")


class _Walk:
    def __init__(self, found: list[Difference]) -> None:
        self._found = found

    def value(self, before: Any, after: Any, path: Pointer, step: str | None, field: str) -> None:
        if same(before, after):
            return
        if isinstance(before, dict) and isinstance(after, dict):
            self._maps(before, after, path, step)
        elif isinstance(before, list) and isinstance(after, list):
            self._lists(before, after, path, step, field)
        else:
            self._add(before, after, path, step, field)

    def _maps(
        self, before: dict[str, Any], after: dict[str, Any], path: Pointer, step: str | None
    ) -> None:
        if _is_step(after, path) or _is_step(before, path):
            step = step_label(after)
        for key in (*before, *(key for key in after if key not in before)):
            self.value(before.get(key, MISSING), after.get(key, MISSING), (*path, key), step, key)

    def _lists(
        self, before: list[Any], after: list[Any], path: Pointer, step: str | None, field: str
    ) -> None:
        entry = _entry_of(field, path)
        pairs = align(before, after)
        for index, value in enumerate(before):
            if index not in pairs:
                self._add(value, MISSING, (*path, index), _label(value, entry, step), f"a {entry}")
        moved = _moved(pairs)
        paired = {other: one for one, other in pairs.items()}
        for index, value in enumerate(after):
            here, label = (*path, index), _label(value, entry, step)
            if index not in paired:
                self._add(MISSING, value, here, label, f"a {entry}")
                continue
            if index in moved:
                self._found.append(
                    Difference("moved", here, label, f"the {entry}", paired[index], index)
                )
            self.value(before[paired[index]], value, here, step, entry)

    def _add(self, before: Any, after: Any, path: Pointer, step: str | None, field: str) -> None:
        action: Action = "changed"
        if before is MISSING:
            action = "added"
        elif after is MISSING:
            action = "removed"
        self._found.append(Difference(action, path, step, field, before, after))


def _is_step(value: dict[str, Any], path: Pointer) -> bool:
    holders = [part for part in path if isinstance(part, str)]
    return (
        bool(holders)
        and holders[-1] in {"steps", "then", "else"}
        and bool(value.keys() & set(STEP_KINDS))
    )


def _entry_of(field: str, path: Pointer) -> str:
    if not path:
        return "variation"
    return _ENTRIES.get(field) or _CHECKS.get(field) or "entry"


def _label(value: Any, entry: str, step: str | None) -> str | None:
    return step_label(value) if entry == "step" and isinstance(value, dict) else step


def _moved(pairs: dict[int, int]) -> set[int]:
    """Indexes in the list after, of entries that stand in another order than the rest.

    Those outside a longest run that kept its order.
    """
    order = [pairs[index] for index in sorted(pairs)]
    if order == sorted(order):
        return set()
    best: list[tuple[int, int | None]] = []
    for index, value in enumerate(order):
        before = [one for one in range(index) if order[one] < value]
        previous = max(before, key=lambda one: best[one][0], default=None)
        best.append((1 + (best[previous][0] if previous is not None else 0), previous))
    kept: set[int] = set()
    place = max(range(len(best)), key=lambda one: best[one][0], default=None)
    while place is not None:
        kept.add(order[place])
        place = best[place][1]
    return set(order) - kept
