"""What a push changes: carried to where the project keeps it, and nothing but that."""

from collections.abc import Callable
from typing import Any

import pytest

from modelservice.project.documents import domain_document, flows_document, nlu_document
from modelservice.project.model import Project
from modelservice.project.parts import Parts, read_parts
from modelservice.project.project_reader import read_files
from modelservice.project.yaml_writer import to_yaml
from studio.content.merge import MISSING
from studio.content.pushed import Known, pushed_items
from studio.content.secrets import masked

FILES = {
    "config.yml": "# ours\nlanguage: en\npipeline: []\n",
    "endpoints.yml": "nlg:\n  token: secret\n",
    "data/flows.yml": "flows:\n  pay:\n    description: pay\n    steps:\n    - action: utter_a\n",
    "data/one.yml": "nlu:\n- intent: greet\n  examples: |\n    - hi\n    - to [Rome](city)\n",
    "data/two.yml": "nlu:\n- intent: greet\n  examples: [hello]\n- synonym: Rome\n"
    "  examples: |\n    - Roma\n",
    "domain/one.yml": "responses:\n  utter_a:\n  - text: A\n"
    "forms:\n  a:\n    required_slots: [x]\n",
    "domain/two.yml": "slots:\n  x:\n    type: text\nforms:\n  b:\n    required_slots: [x]\n"
    "session_config:\n  session_expiration_time: 5\nintents: [greet]\n",
}
Documents = dict[str, Any]


def project() -> Project:
    return read_files({path: text.encode() for path, text in FILES.items()})


def pushed(change: Callable[[Documents], Any]) -> dict[tuple[str, str], Any]:
    own = project()
    items = [(item.kind.value, item.key, item.body) for item in own.items]
    documents: Documents = {
        "flows": flows_document(items),
        "domain": domain_document(items),
        "nlu": nlu_document(items),
    }
    texts = {kind.value: text.text for kind, text in own.texts.items()}
    given = {**documents, **texts}
    change(given)
    written = {k: each if isinstance(each, str) else to_yaml(each) for k, each in given.items()}
    parts = Parts(
        flows=written.get("flows"),
        domain=written.get("domain"),
        config=written.get("config"),
        endpoints=written.get("endpoints"),
        nlu=written.get("nlu"),
    )
    state = {item.identity: Known(item.body, item.source_path or "", 0) for item in own.items}
    state |= {
        (kind.value, text.path): Known(text.text, text.path, 0) for kind, text in own.texts.items()
    }
    return {one: each.body for one, each in pushed_items(state, read_parts(parts)).items()}


def greet(given: Documents) -> Any:
    """The examples of the intent as Rasa sends them: of both files, together."""
    given["nlu"]["nlu"] = [
        {"intent": "greet", "examples": '- hello\n- hi\n- to [Rome]{"entity": "city"}\n'},
        {"synonym": "Rome", "examples": "- Roma\n"},
    ]
    return given["nlu"]["nlu"][0]


def with_example(given: Documents) -> None:
    greet(given)["examples"] += "- good day\n"


def without_examples(given: Documents) -> None:
    greet(given)["examples"] = "- hi\n"


def with_form(given: Documents) -> None:
    given["domain"]["forms"] = {"b": {"required_slots": []}, "c": {"required_slots": ["x"]}}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda _given: None, {}),
        (greet, {}),
        (
            with_example,
            {("nlu", "intent:greet"): "- hi\n- to [Rome](city)\n- good day\n"},
        ),
        (
            without_examples,
            {("nlu", "intent:greet"): "- hi\n", ("nlu", "intent:greet (2)"): MISSING},
        ),
        (
            with_form,
            {
                ("section", "domain/one.yml#forms"): {"c": {"required_slots": ["x"]}},
                ("section", "domain/two.yml#forms"): {"b": {"required_slots": []}},
            },
        ),
        (
            lambda given: given["domain"].pop("session_config"),
            {("section", "domain/two.yml#session_config"): MISSING},
        ),
        (
            lambda given: given["domain"].update(intents=["bye", "greet"]),
            {("intent", "bye"): None},
        ),
        (
            lambda given: given["domain"]["responses"].clear(),
            {("response", "utter_a"): MISSING},
        ),
        (lambda given: given.update(config="language: en\npipeline: []\n"), {}),
        (
            lambda given: given.update(config="language: en # us\npipeline: []\n"),
            {("config", "config.yml"): "language: en # us\npipeline: []\n"},
        ),
        (
            lambda given: given.update(config="language: de\npipeline: []\n"),
            {("config", "config.yml"): "language: de\npipeline: []\n"},
        ),
        (lambda given: given.update(endpoints=masked(FILES["endpoints.yml"])), {}),
    ],
)
def test_one_change(
    change: Callable[[Documents], Any], expected: dict[tuple[str, str], Any]
) -> None:
    found = pushed(change)
    assert {
        one: body["examples"] if one[0] == "nlu" and body is not MISSING else body
        for one, body in found.items()
    } == expected


def test_what_was_not_sent_is_left_alone() -> None:
    own = project()
    state = {item.identity: Known(item.body, "", 0) for item in own.items}
    assert pushed_items(state, read_parts(Parts(config="language: en\n"))).keys() == {
        ("config", "config.yml")
    }
