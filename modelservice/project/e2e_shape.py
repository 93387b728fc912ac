"""What an end-to-end test case is made of; the runner and the pages both read it so."""

from collections.abc import Iterator, Mapping
from typing import Any

from modelservice.project.yaml_reader import line_of

# What a step expects of the turn before it.
EXPECTATIONS = ("utter", "bot", "slot_was_set", "slot_was_not_set")
Problem = tuple[str, int | None]


def case_problem(body: Any) -> Problem | None:
    """The first thing that the runner could not read in a test case, with its line where known."""
    if not isinstance(body, Mapping) or not body.get("test_case") or not body.get("steps"):
        return "a test case needs 'test_case' and 'steps'", line_of(body)
    steps = body["steps"]
    if not isinstance(steps, list):
        return "'steps' must be a list", line_of(body)
    return next((found for found in map(step_problem, steps) if found is not None), None)


def step_problem(step: Any) -> Problem | None:
    """The same of one of its steps."""
    line = line_of(step)
    if isinstance(step, Mapping) and "user" in step:
        assertions = step.get("assertions") or []
        if not isinstance(assertions, list) or not all(isinstance(a, Mapping) for a in assertions):
            return "'assertions' must be a list of maps", line
        return None
    if len(expectation_kinds(step)) != 1:
        known = ", ".join(("user", *EXPECTATIONS))
        return f"a step needs one of {known}", line
    return None


def expectation_kinds(step: Any) -> list[str]:
    return [kind for kind in EXPECTATIONS if isinstance(step, Mapping) and kind in step]


def turns_of(steps: list[Any]) -> Iterator[tuple[int, int]]:
    """(index of a step, number of its turn); 0: before the first message."""
    turn = 0
    for index, step in enumerate(steps):
        turn += "user" in step
        yield index, turn
