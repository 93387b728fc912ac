"""A field that two people changed, in words."""

from typing import Any

from modelservice.project.checks.content import Identity
from studio.content.diff import step_label
from studio.content.merge import MISSING, Conflict
from studio.content.models import Item

_STEPS = {"steps", "then", "else"}


def conflict_sentence(identity: Identity, body: Any, conflict: Conflict, item: Item | None) -> str:
    """“flow *pay*, step *ask_amount*: the description was changed by Ana at … and by you”.

    `body` is the merged one, into which the conflict points; `item` is what is stored now.
    """
    kind, key = identity
    step, name = conflict_place(body, conflict)
    where = f"{kind.replace('_', ' ')} *{key}*"
    if step is not None:
        where += f", step *{step}*"
    what = f"the {name}" if name else "it"
    return f"{where}: {what} {_said(conflict, item)}"


def _said(conflict: Conflict, item: Item | None) -> str:
    who = str(item.updated_by) if item is not None and item.updated_by else "somebody else"
    when = f" at {item.updated_at:%Y-%m-%d %H:%M} UTC" if item is not None else ""
    theirs, yours = _verb(conflict, conflict.mine), _verb(conflict, conflict.theirs)
    if theirs == yours:
        return f"was {theirs} by {who}{when} and by you"
    return f"was {theirs} by {who}{when} and {yours} by you"


def _verb(conflict: Conflict, value: Any) -> str:
    if value is MISSING:
        return "removed"
    return "added" if conflict.base is MISSING else "changed"


def conflict_place(body: Any, conflict: Conflict) -> tuple[str | None, str]:
    """The innermost step that the field is in, and what the field is called."""
    step: str | None = None
    name, holder = "", ""
    for part in conflict.pointer:
        if isinstance(part, str):
            holder = name = part
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(part, int) and holder in _STEPS and isinstance(body, dict):
            step, name = step_label(body), ""
    return step, name
