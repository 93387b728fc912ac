"""Flows as Rasa's reader and writer spell them out (assistant_files §1.5), for a client in the
shape of its CLI."""

from typing import Any

from modelservice.project.flow_document import END, read_flow

COLLECT_DEFAULTS = {
    "ask_before_filling": False,
    "reset_after_flow_ends": True,
    "rejections": [],
    "force_slot_filling": False,
}


def spelled_out(flow_id: str, body: dict[str, Any], *, newest: bool = True) -> dict[str, Any]:
    """`newest`: of 3.21, which marks the flow itself, too."""
    written = _copied(body)
    for step in read_flow(flow_id, written).steps:
        line = f"{len(step.pointer)}-{len(step.pointer)}"
        own = {"id": step.id, **step.body}
        if step.kind == "collect":
            own = {"utter": f"utter_ask_{step.name}", **COLLECT_DEFAULTS, **own}
        if own.get("next") is None and step.kind != "link":
            own["next"] = step.following or END
        own["metadata"] = {**(own.get("metadata") or {}), "line_numbers": line}
        step.body.clear()
        step.body.update(own)
    head = {key: value for key, value in written.items() if key != "steps"}
    whole: dict[str, Any] = {"steps": written["steps"], "run_pattern_completed": True, **head}
    whole["file_path"] = "/home/ana/bank/data/flows.yml"
    if newest:
        whole["metadata"] = {**(whole.get("metadata") or {}), "line_numbers": "1-20"}
    return whole


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value
