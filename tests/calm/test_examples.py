"""Example sentences beside flows that have none, and how sure the classifier is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import StartFlow
from modelservice.calm.dialogue.generator import Request
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.models.model import Model, build_assistant
from modelservice.calm.understanding.intents.calibration import Calibration
from modelservice.calm.understanding.intents.classifier import IntentClassifier
from modelservice.calm.understanding.intents.training import IntentExamples, train_intents
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.learning import learn
from modelservice.calm.understanding.offline import OfflineGenerator
from tests.running_studio import ROOT

ENGLISH = language_of(["en"])
DESCRIPTIONS = {
    "book_desk": "Book a desk in the office",
    "report_sickness": "Report that an employee is sick",
    "order_laptop": "Order a new laptop",
    "request_vacation": "Request days of vacation",
    "reset_password": "Reset a forgotten password",
    "find_colleague": "Find the phone number of a colleague",
    "submit_expenses": "Submit the expenses of a business trip",
}
FEW = {
    "book_desk": ["I come to the office tomorrow", "is there a place to work on Friday"],
    "report_sickness": ["I have a cold", "I won't come in today"],
    "order_laptop": ["my computer is too old", "I want a faster machine"],
    "request_vacation": ["I'd like to take two weeks off", "can I have Monday off"],
    "reset_password": ["I can't log in", "my account is locked"],
    "find_colleague": ["how do I reach Ines", "what is Tom's extension"],
    "submit_expenses": ["I paid for a hotel", "where do I hand in my receipts"],
}
# Enough of them to be judged by these alone.
MANY = {
    "reset_password": [
        *FEW["reset_password"],
        *(
            f"{start} {end}"
            for start in ("I forgot", "I lost", "please reset", "help me with")
            for end in ("my password", "the password of my account", "my login", "my passcode")
        ),
    ]
}
ASKED = {
    "please book me a desk for Tuesday": "book_desk",
    "I am sick and stay at home": "report_sickness",
    "report sickness": "report_sickness",
    "I need to order a laptop": "order_laptop",
    "a new laptop please": "order_laptop",
    "I want to request vacation in June": "request_vacation",
    "how many days of vacation can I request": "request_vacation",
    "reset my password": "reset_password",
    "I have forgotten my password": "reset_password",
    "find the number of a colleague": "find_colleague",
    "what is the phone number of my colleague": "find_colleague",
    "submit expenses of my trip to Rome": "submit_expenses",
}
FOREIGN = ["who won the match", "sing me a song", "is it far to the moon", "do you like cheese"]


def assistant_of(examples: Mapping[str, Sequence[str]]) -> tuple[Assistant, OfflineGenerator]:
    bodies = {
        name: {
            "description": description,
            "steps": [{"action": "utter_done"}],
            **({"nlu_trigger": [{"intent": name}]} if name in examples else {}),
        }
        for name, description in DESCRIPTIONS.items()
    }
    domain = {"intents": list(examples), "responses": {"utter_done": [{"text": "done"}]}}
    model = Model("m", 0.0, bodies, {}, domain, {"language": "en"}, {})
    assistant = build_assistant(model, name="m")
    nlu = [
        {"intent": name, "examples": [{"text": text} for text in texts]}
        for name, texts in examples.items()
    ]
    return assistant, OfflineGenerator(assistant, learn(assistant, nlu).packed)


async def started(assistant: Assistant, generator: OfflineGenerator, text: str) -> str | None:
    request = Request(
        text=text,
        assistant=assistant,
        tracker=Tracker("s", assistant.domain.slots),
        flows=list(assistant.flows.user_flows()),
        active=[],
        asked=None,
    )
    commands = (await generator.propose(request)).commands
    return next((each.flow for each in commands if isinstance(each, StartFlow)), None)


async def right(examples: Mapping[str, Sequence[str]]) -> set[str]:
    assistant, generator = assistant_of(examples)
    found = {text: await started(assistant, generator, text) for text in ASKED}
    return {text for text, flow in found.items() if flow == ASKED[text]}


@pytest.mark.parametrize(
    "examples",
    [FEW, MANY, {**FEW, **MANY}, {"find_colleague": FEW["find_colleague"]}],
    ids=["a few for each", "many for one", "few and many", "a few for one"],
)
async def test_without_its_examples_an_assistant_is_not_better(
    examples: dict[str, list[str]],
) -> None:
    assert await right({}) <= await right(examples)
    assistant, generator = assistant_of(examples)
    assert [await started(assistant, generator, text) for text in FOREIGN] == [None] * len(FOREIGN)


async def test_a_flow_without_examples_competes_with_one_that_has_many() -> None:
    assistant, generator = assistant_of(MANY)
    text = "help me to find the phone number of a colleague"
    assert await started(assistant, generator, text) == "find_colleague"


def test_the_confidences_of_intents_and_of_none_sum_to_one() -> None:
    classifier = IntentClassifier(train_intents(IntentExamples(FEW, ENGLISH)), ENGLISH)
    for text in (*ASKED, *FOREIGN, "", "!?"):
        found = classifier.classify(text)
        assert sum(each.confidence for each in found.intents) + found.none == pytest.approx(1)


def test_what_resembles_no_example_is_refused() -> None:
    classifier = IntentClassifier(train_intents(IntentExamples(FEW, ENGLISH)), ENGLISH)
    for text in FOREIGN:
        found = classifier.classify(text)
        assert found.is_refused, (text, found.best)
        assert found.best.confidence < 0.5


@given(
    st.lists(st.floats(-20, 20), min_size=1, max_size=8),
    st.floats(0.3, 8),
    st.floats(-12, 1),
    st.floats(0, 5),
)
def test_calibrated_probabilities(
    scores: list[float], steepness: float, none: float, unknown: float
) -> None:
    calibration = Calibration(steepness, none)
    found, rest = calibration.probabilities(scores, unknown)
    assert sum(found) + rest == pytest.approx(1)
    assert found[scores.index(max(scores))] == max(found)
    _, doubtful = calibration.probabilities(scores, unknown + 1)
    assert doubtful >= rest


def test_a_training_comes_out_the_same_again() -> None:
    """Also where sets have another order."""
    code = (
        "import json; from tests.calm.test_examples import *\n"
        "print(json.dumps(train_intents(IntentExamples(FEW, ENGLISH))))"
    )
    trained = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert trained[0] == trained[1]
