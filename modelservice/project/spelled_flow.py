"""Flows as Rasa spells them out when it sends what it has read (assistant_files §1.5).

Every step comes with an `id` and a `next`, questions with all defaults. Two writings of one flow
are compared in the short form, in which nothing is said that Rasa would add by itself.
"""

from typing import Any

from modelservice.project.flow_document import END, Body, Step, id_postfix, read_flow
from modelservice.project.items import strip_reader_marks

_FLOW_DEFAULTS: Body = {
    "run_pattern_completed": True,
    "always_include_in_prompt": False,
    "nlu_trigger": [],
    "persisted_slots": [],
    "translation": {},
    "metadata": {},
    "name": None,
    "if": None,
}
_COLLECT_DEFAULTS: Body = {
    "ask_before_filling": False,
    "reset_after_flow_ends": True,
    "force_slot_filling": False,
    "rejections": [],
    "description": None,
}
_STEP_DEFAULTS: Body = {"metadata": {}}
_NO_THRESHOLD = 0.0


def shortened(flow_id: str, body: Any) -> Any:
    """The body without what Rasa adds: reader's marks, defaults, generated ids, the `next` that
    leads where the step leads anyway. A generated id stays where a jump needs it."""
    if not isinstance(body, dict):
        return body
    short = _copied(body)
    strip_reader_marks(short)
    _without(short, _FLOW_DEFAULTS)
    if short.get("name") == flow_id.replace("_", " ").replace("-", " "):
        del short["name"]
    if isinstance(short.get("nlu_trigger"), list):
        short["nlu_trigger"] = [_short_trigger(entry) for entry in short["nlu_trigger"]]
    _shorten_steps(flow_id, short)
    return short


def _copied(value: Any) -> Any:
    """Maps and lists anew; they are changed here. Quicker than `copy.deepcopy`."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_copied(each) for each in value]
    return value


def _without(holder: Body, defaults: Body) -> None:
    """A key with nothing behind it (`metadata:`) says as little as an empty map or list."""
    for key, default in defaults.items():
        if key not in holder:
            continue
        says = holder[key]
        is_empty = says is None and default in ({}, [])
        if is_empty or (says == default and type(says) is type(default)):
            del holder[key]


def _short_trigger(entry: Any) -> Any:
    """`{intent: name}`, which has no threshold."""
    intent = entry.get("intent") if isinstance(entry, dict) else None
    if not isinstance(intent, dict) or "name" not in intent:
        return entry
    rest = {key: value for key, value in intent.items() if key != "name"}
    threshold = rest.pop("confidence_threshold", _NO_THRESHOLD)
    if rest or isinstance(threshold, bool) or threshold != _NO_THRESHOLD:
        return entry
    return {**entry, "intent": intent["name"]}


def _shorten_steps(flow_id: str, body: Body) -> None:
    steps = read_flow(flow_id, body).steps
    for step in steps:
        # The last step of a branch has to say where it goes on.
        is_natural = not step.nested or step.following is not None
        says = step.body.get("next")
        if "next" in step.body and (says is None or (is_natural and says == _after(step))):
            del step.body["next"]
        _without(step.body, _STEP_DEFAULTS)
        if step.kind == "collect":
            _without(step.body, _COLLECT_DEFAULTS)
            if step.body.get("utter") == f"utter_ask_{step.name}":
                del step.body["utter"]
    targets = {
        goal for step in steps for goal in _goals(step.body.get("next")) if isinstance(goal, str)
    }
    for step in steps:
        if step.id not in targets and _is_generated(flow_id, step):
            step.body.pop("id", None)


def _after(step: Step) -> str:
    return step.following or END


def _is_generated(flow_id: str, step: Step) -> bool:
    """Whether it is an id that Rasa gives. The number in it may be of another day: files that
    Rasa wrote keep the ids of steps in branches."""
    before, behind = f"{flow_id}_", f"_{id_postfix(step.kind, step.body)}"
    is_framed = step.id.startswith(before) and step.id.endswith(behind)
    return is_framed and step.id[len(before) : -len(behind)].isdigit()


def _goals(following: Any) -> list[Any]:
    """The ids that a `next` names itself, not in the steps of its branches."""
    if not isinstance(following, list):
        return [following]
    branches = [branch for branch in following if isinstance(branch, dict)]
    return [branch.get(word) for branch in branches for word in ("then", "else")]
