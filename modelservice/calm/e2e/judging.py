"""Assertions that a language model judges: is a generated answer relevant, is it grounded."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from modelservice.calm.dialogue.events import Event
from modelservice.calm.dialogue.responses import UTTER_SOURCE
from modelservice.calm.e2e.expectations import Outcome
from modelservice.calm.understanding.llm.client import LanguageModel, LanguageModelFailure
from modelservice.calm.understanding.llm.prompt import render_prompt

JUDGED = ("generative_response_is_relevant", "generative_response_is_grounded")
NOT_JUDGED = (
    "not judged: that needs a language model, named as llm_judge.llm in conftest.yml or for the "
    "command generator in config.yml"
)
_DEFAULT_THRESHOLD = 0.5
_SCORE = re.compile(r'"score"\s*:\s*([0-9]*\.?[0-9]+)')


async def judge_assertion(
    assertion: Mapping[str, Any],
    events: Sequence[Event],
    start: int,
    *,
    question: str,
    model: LanguageModel,
) -> Outcome:
    """The sentence that says why it does not hold, or the position after the answer judged."""
    kind, expected = next(iter(assertion.items()))
    wanted = expected if isinstance(expected, Mapping) else {}
    found = [n for n in range(start, len(events)) if _is_meant(events[n], wanted)]
    if not found:
        return "no generated answer was said"
    problems = []
    for number in found:
        problem = await _problem(kind, wanted, events[number], question, model)
        if problem is None:
            return number + 1
        problems.append(problem)
    return "; ".join(problems)


def _is_meant(event: Event, wanted: Mapping[str, Any]) -> bool:
    if event.type != "bot":
        return False
    source = event.metadata.get("utter_source")
    if "utter_name" in wanted:
        return bool(event.metadata.get("utter_action") == wanted["utter_name"])
    if "utter_source" in wanted:
        return bool(source == wanted["utter_source"])
    return source != UTTER_SOURCE


async def _problem(
    kind: str, wanted: Mapping[str, Any], event: Event, question: str, model: LanguageModel
) -> str | None:
    threshold = wanted.get("threshold", _DEFAULT_THRESHOLD)
    template = (Path(__file__).parent / f"{kind}.jinja2").read_text(encoding="utf-8")
    truth = wanted.get("ground_truth") or _ground_truth(event)
    if kind == "generative_response_is_grounded" and not truth:
        return f"“{event['text']}” has nothing to be grounded in: add ground_truth"
    variables = {"question": question, "answer": event["text"], "ground_truth": truth}
    try:
        answer = await model.complete(render_prompt(template, variables))
    except LanguageModelFailure as error:
        return f"could not be judged: {error}"
    score = _SCORE.search(answer.text)
    if score is None:
        return f"could not be judged: the judge answered “{answer.text[:100]}”"
    if float(score[1]) >= float(threshold):
        return None
    return f"“{event['text']}” scores {float(score[1]):g} of {float(threshold):g} needed"


def _ground_truth(event: Event) -> str:
    """The passages that the answer was made of, or the response as it is in the domain."""
    results = event.metadata.get("search_results")
    texts = [result.get("text") for result in results] if isinstance(results, list) else []
    written = event.metadata.get("domain_ground_truth")
    return "\n".join(text for text in texts if text) or (json.dumps(written) if written else "")
