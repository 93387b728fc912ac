"""Intents, entities and examples, over HTTP: what is listed, and what follows a change."""

import io
import zipfile
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from modelservice.project.close_examples import ExampleIndex
from modelservice.project.nlu_editing import IntentExamples, UnusableExample, same_words
from modelservice.project.nlu_examples import example_texts
from tests.conftest import AsUser
from tests.studio.conftest import Import

FILES = {
    "config.yml": "language: en\n# router\npolicies: [{name: X, sticky: [block]}]\n",
    "data/flows.yml": """\
flows:
  block_card:
    description: block a card
    nlu_trigger: [{intent: {name: block, confidence_threshold: 0.6}}]  # surely
    steps: [{action: utter_done}]
""",
    "data/nlu.yml": """\
nlu:
- intent: block
  # the first ones
  examples: |
    - block my [card](thing)

    - it was stolen
- lookup: thing
  examples: |
    - card
    - purse
- intent: order
  examples:
    - text: 'where is my [tea]{"entity": "thing", "role": "drink"}'
      metadata: {from: a user}
    - I need a new card
- synonym: credit
  examples: |
    - Visa
- intent: block
  examples: |
    - I need a new card please
- regex: zip
  examples: |
    - (a+)+(?=b)
""",
    "domain.yml": """\
intents: [block, {order: {use_entities: [thing]}}]
entities: [thing]
slots:
  what: {type: text, mappings: [{type: from_entity, entity: thing, intent: [block]}]}
responses:
  utter_done: [{text: Done., buttons: [{title: Go, payload: '/block{"thing": "card"}'}]}]
""",
    "tests/a.yml": "test_cases: []  # block\n",
}


@pytest.fixture
def base(import_project: Import) -> str:
    return f"/api/v1/assistants/{import_project(FILES)['assistant']['id']}/"


def change(client: APIClient, base: str, *changes: Any) -> Any:
    return client.post(f"{base}examples/", {"changes": changes}, format="json")


def at(intent: str, text: str) -> dict[str, str]:
    return {"intent": intent, "text": text}


def examples(client: APIClient, base: str, intent: str) -> list[str]:
    found: list[str] = client.get(f"{base}intents/{intent}/examples/").json()["examples"]
    return found


def exported(client: APIClient, base: str) -> dict[str, str]:
    content = b"".join(client.get(f"{base}export/"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def commits(client: APIClient, base: str) -> int:
    return len(client.get(f"{base}commits/").json()["results"])


def test_lists_tell_counts_and_uses(api_client: APIClient, base: str) -> None:
    block, order = api_client.get(f"{base}intents/").json()["results"]
    assert (block["id"], block["example_count"], block["slots"]) == ("block", 3, ["what"])
    assert block["flows"] == [{"flow": "block_card", "flow_name": "block card", "threshold": 0.6}]
    assert (order["id"], order["example_count"], order["flows"]) == ("order", 2, [])
    (thing,) = api_client.get(f"{base}entities/").json()["results"]
    assert (thing["mark_count"], thing["intents"]) == (2, ["block", "order"])
    assert (thing["roles"], thing["lists"], thing["slots"]) == (["drink"], ["lookup"], ["what"])
    lists = {one["id"]: one for one in api_client.get(f"{base}word-lists/").json()["results"]}
    assert [*lists] == ["lookup:thing", "regex:zip", "synonym:credit"]
    assert lists["lookup:thing"]["first"] == ["card", "purse"]
    assert "(a+)+(?=b)" in lists["regex:zip"]["problems"][0]


def test_changes_of_examples_touch_their_lines_alone(api_client: APIClient, base: str) -> None:
    before = commits(api_client, base)
    done = change(
        api_client,
        base,
        {"was": at("block", "it was stolen"), "becomes": at("block", "it is gone")},
        {"was": None, "becomes": at("block", "my [wallet](thing) was nicked"), "position": 0},
        {"was": at("order", "I need a new card"), "becomes": at("block", "I need a new card")},
    )
    assert done.status_code == 200, done.content
    assert commits(api_client, base) == before + 1
    expected = FILES["data/nlu.yml"]
    for old, new in (
        ("    - it was stolen\n", "    - it is gone\n"),
        ("    - block my", "    - my [wallet](thing) was nicked\n    - block my"),
        ("    - I need a new card\n", ""),
        ("card please\n", "card please\n    - I need a new card\n"),
    ):
        expected = expected.replace(old, new, 1)
    assert exported(api_client, base)["data/nlu.yml"] == expected


def test_a_change_and_its_reverse_leave_the_file_as_it_was(
    api_client: APIClient, base: str
) -> None:
    gone = {"was": at("block", "it was stolen"), "becomes": None}
    assert change(api_client, base, gone).status_code == 200
    back = {"was": None, "becomes": at("block", "it was stolen"), "position": 1}
    assert change(api_client, base, back).status_code == 200
    assert examples(api_client, base, "block")[1] == "it was stolen"


def test_what_others_did_to_other_examples_stays(api_client: APIClient, base: str) -> None:
    change(api_client, base, {"was": at("block", "it was stolen"), "becomes": None})
    refused = change(
        api_client, base, {"was": at("block", "it was stolen"), "becomes": at("order", "x")}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "example_changed")
    assert "it was stolen" in refused.json()["detail"]


def test_bad_examples_are_refused_and_nothing_is_saved(api_client: APIClient, base: str) -> None:
    before = examples(api_client, base, "block")
    for text, words in (("  - ", "some words"), ("It was STOLEN", "already")):
        refused = change(
            api_client,
            base,
            {"was": None, "becomes": at("block", "a good one")},
            {"was": None, "becomes": at("block", text)},
        )
        assert refused.status_code == 400
        assert words in refused.json()["detail"]
        assert refused.json()["errors"][0]["field"] == "changes/1/becomes/text"
    missing = change(api_client, base, {"was": None, "becomes": at("nobody", "hello")})
    assert missing.status_code == 404
    assert examples(api_client, base, "block") == before


def test_a_new_intent_takes_examples(api_client: APIClient, base: str) -> None:
    made = api_client.post(f"{base}intents/", {"id": "thank", "body": None}, format="json")
    assert made.status_code == 201, made.content
    assert examples(api_client, base, "thank") == []
    change(api_client, base, {"was": None, "becomes": at("thank", "thanks")})
    assert examples(api_client, base, "thank") == ["thanks"]
    with_blank = api_client.post(f"{base}intents/", {"id": "a b", "body": None}, format="json")
    assert with_blank.status_code == 400


def test_everything_follows_the_new_name_of_an_intent(api_client: APIClient, base: str) -> None:
    revision = api_client.get(f"{base}intents/block/").json()["revision"]
    before = commits(api_client, base)
    renamed = api_client.post(
        f"{base}intents/block/rename/", {"id": "stop", "revision": revision}, format="json"
    )
    assert renamed.json() == {"id": "stop", "left": ["config.yml", "tests/a.yml"]}
    assert commits(api_client, base) == before + 1
    files = exported(api_client, base)
    expected = FILES["data/nlu.yml"].replace("intent: block", "intent: stop")
    assert files["data/nlu.yml"] == expected
    assert files["data/flows.yml"] == FILES["data/flows.yml"].replace("name: block", "name: stop")
    domain = yaml.safe_load(files["domain.yml"])
    assert domain["intents"] == ["stop", {"order": {"use_entities": ["thing"]}}]
    assert domain["slots"]["what"]["mappings"][0]["intent"] == ["stop"]
    assert domain["responses"]["utter_done"][0]["buttons"][0]["payload"] == (
        '/stop{"thing": "card"}'
    )
    taken = api_client.post(
        f"{base}intents/order/rename/", {"id": "stop", "revision": revision}, format="json"
    )
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")


def test_everything_follows_the_new_name_of_an_entity(api_client: APIClient, base: str) -> None:
    revision = api_client.get(f"{base}entities/thing/").json()["revision"]
    renamed = api_client.post(
        f"{base}entities/thing/rename/", {"id": "item", "revision": revision}, format="json"
    )
    assert renamed.json() == {"id": "item", "left": []}
    files = exported(api_client, base)
    expected = (
        FILES["data/nlu.yml"]
        .replace("(thing)", "(item)")
        .replace('"entity": "thing"', '"entity": "item"')
        .replace("lookup: thing", "lookup: item")
    )
    assert files["data/nlu.yml"] == expected
    domain = yaml.safe_load(files["domain.yml"])
    assert domain["entities"] == ["item"]
    assert domain["intents"][1] == {"order": {"use_entities": ["item"]}}
    assert domain["slots"]["what"]["mappings"][0]["entity"] == "item"
    assert '{"item": "card"}' in files["domain.yml"]


def test_what_is_used_is_not_deleted_and_what_is_deleted_comes_back(
    api_client: APIClient, base: str
) -> None:
    refused = api_client.delete(f"{base}intents/block/")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert "block card, what" in refused.json()["detail"]
    assert refused.json()["used_by"][0]["flow"] == "block_card"
    assert api_client.delete(f"{base}entities/thing/").status_code == 409
    assert api_client.delete(f"{base}intents/order/").status_code == 204
    assert "intent: order" not in exported(api_client, base)["data/nlu.yml"]
    assert api_client.get(f"{base}intents/order/examples/").status_code == 404
    back = api_client.post(f"{base}intents/order/restore/")
    assert back.json()["example_count"] == 2
    assert exported(api_client, base)["data/nlu.yml"].count("I need a new card") == 2


def test_a_list_of_words_is_edited(api_client: APIClient, base: str) -> None:
    address = f"{base}word-lists/synonym:credit/"
    read = api_client.get(address).json()
    body = {"synonym": "credit", "examples": "- Visa\n- plastic\n"}
    saved = api_client.put(address, {"body": body, "revision": read["revision"]}, format="json")
    assert saved.status_code == 200, saved.content
    expected = FILES["data/nlu.yml"].replace("    - Visa\n", "    - Visa\n    - plastic\n")
    assert exported(api_client, base)["data/nlu.yml"] == expected
    other = {"body": {"lookup": "credit", "examples": ""}, "revision": saved.json()["revision"]}
    assert api_client.put(address, other, format="json").status_code == 400
    assert api_client.delete(f"{base}word-lists/intent:block/").status_code == 404
    made = api_client.post(
        f"{base}word-lists/",
        {"id": "lookup:city", "body": {"lookup": "city", "examples": "- Rome\n"}},
        format="json",
    )
    assert made.status_code == 201, made.content


def test_close_pairs_of_different_intents_are_told(api_client: APIClient, base: str) -> None:
    (pair,) = api_client.get(f"{base}examples/close/").json()
    assert {pair["here"]["intent"], pair["there"]["intent"]} == {"block", "order"}
    assert pair["alike"] > 0.7


def test_who_may_only_look_changes_nothing(as_user: AsUser, base: str) -> None:
    reader = as_user("Conversation Analyst")
    for address in ("intents/", "intents/block/examples/", "entities/", "word-lists/"):
        assert reader.get(f"{base}{address}").status_code == 200
    refused = change(reader, base, {"was": at("block", "it was stolen"), "becomes": None})
    assert refused.status_code == 403
    rename = reader.post(f"{base}intents/block/rename/", {"id": "x", "revision": 1}, format="json")
    assert rename.status_code == 403


WORDS = st.lists(
    st.sampled_from(["a", "-", "[card](thing)", "card", '[x]{"entity": "y"}', "é", "  ", "["]),
    max_size=4,
).map(" ".join)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=5), st.lists(st.tuples(WORDS, st.integers(0, 6)), max_size=6))
def test_what_is_added_is_read_back_and_the_rest_stays(
    written: list[str], added: list[tuple[str, int]]
) -> None:
    entry = {"intent": "a", "examples": "".join(f"- {text}\n" for text in written)}
    examples = IntentExamples("a", [entry])
    before = examples.texts()
    taken = []
    for text, position in added:
        try:
            examples.add(text, position)
        except UnusableExample:
            continue
        taken.append(" ".join(text.split()).removeprefix("- ").strip())
    (body,) = examples.bodies()
    read = [] if body is None else list(example_texts(body))
    assert read == examples.texts()
    assert sorted(read) == sorted([*before, *taken])
    assert len({same_words(text) for text in taken}) == len(taken)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abc"), st.lists(WORDS, max_size=6), max_size=3))
def test_alike_is_a_share_and_the_same_words_are_one(taught: dict[str, list[str]]) -> None:
    index = ExampleIndex(taught)
    for pair in index.close_pairs():
        assert pair.here.intent != pair.there.intent
        assert 0 <= pair.alike <= 1
    for texts in taught.values():
        for text in texts:
            found = index.closest(text)
            assert found is None or found[1] == pytest.approx(1.0, abs=0.01)
