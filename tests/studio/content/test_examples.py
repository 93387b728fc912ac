"""What somebody said becomes an example of the intent that starts a flow, over HTTP."""

import io
import zipfile
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from modelservice.project.nlu_examples import plain_example, read_examples, with_example
from tests.conftest import AsUser
from tests.studio.conftest import Import

FILES = {
    "config.yml": "language: en\n",
    "data/flows.yml": """\
flows:
  block_card:
    description: block a card
    nlu_trigger: [{intent: {name: block, confidence_threshold: 0.6}}]
    steps: [{action: utter_done}]
  order_tea:
    description: order tea
    steps: [{action: utter_done}]  # as it is
""",
    "data/nlu.yml": """\
nlu:
- intent: block
  examples: |
    - block my [card](thing)
    - it was stolen
# lists are possible, too
- intent: order_tea
  examples:
    - text: where is my tea
""",
    "domain.yml": "intents: [block]\nresponses: {utter_done: [{text: Done.}]}\n",
}


@pytest.fixture
def base(import_project: Import) -> str:
    return f"/api/v1/assistants/{import_project(FILES)['assistant']['id']}/"


def add(client: APIClient, base: str, flow: str, text: str) -> Any:
    return client.post(f"{base}flows/{flow}/examples/", {"text": text}, format="json")


def exported(client: APIClient, base: str) -> dict[str, str]:
    content = b"".join(client.get(f"{base}export/"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def commits(client: APIClient, base: str) -> int:
    return len(client.get(f"{base}commits/").json()["results"])


def test_it_is_added_where_the_others_stand(api_client: APIClient, base: str) -> None:
    before = commits(api_client, base)
    added = add(api_client, base, "block_card", " My purse\nis gone ")
    assert added.status_code == 201
    assert added.json() == {"text": "My purse is gone", "intent": "block", "flow": "block_card"}
    assert commits(api_client, base) == before + 1
    files = exported(api_client, base)
    lines = FILES["data/nlu.yml"].splitlines(keepends=True)
    assert files["data/nlu.yml"] == "".join([*lines[:5], "    - My purse is gone\n", *lines[5:]])
    unchanged = {name: files[name] for name in FILES if name != "data/nlu.yml"}
    assert unchanged == {name: text for name, text in FILES.items() if name != "data/nlu.yml"}


def test_a_flow_without_an_intent_gets_one_in_the_same_commit(
    api_client: APIClient, base: str
) -> None:
    before = commits(api_client, base)
    added = add(api_client, base, "order_tea", "I am thirsty")
    # There is something else of that name.
    assert added.json()["intent"] == "order_tea_2"
    assert commits(api_client, base) == before + 1
    files = exported(api_client, base)
    flow = yaml.safe_load(files["data/flows.yml"])["flows"]["order_tea"]
    assert flow["nlu_trigger"] == [{"intent": "order_tea_2"}]
    assert yaml.safe_load(files["domain.yml"])["intents"] == ["block", "order_tea_2"]
    taught = read_examples(yaml.safe_load(files["data/nlu.yml"])["nlu"]).intents
    assert taught["order_tea_2"] == ["I am thirsty"]
    assert taught["order_tea"] == ["where is my tea"]
    assert api_client.get(f"{base}validation/").json()["errors"] == 0
    again = add(api_client, base, "order_tea", "bring me something hot")
    assert again.json()["intent"] == "order_tea_2"


def test_history_takes_it_back(api_client: APIClient, base: str) -> None:
    newest = api_client.get(f"{base}commits/").json()["results"][0]["number"]
    add(api_client, base, "order_tea", "I am thirsty")
    restored = api_client.post(f"{base}restore/", {"commit": newest}, format="json")
    assert restored.status_code == 200, restored.json()
    assert exported(api_client, base)["data/nlu.yml"] == FILES["data/nlu.yml"]


@pytest.mark.parametrize(
    ("flow", "text", "status", "words"),
    [
        ("block_card", "IT WAS stolen", 400, "is an example of “block” already"),
        ("block_card", "  ", 400, "blank"),
        ("block_card", "x" * 2001, 400, "2000"),
        ("nowhere", "hello", 404, "nowhere"),
        ("pattern_chitchat", "hello", 404, "pattern_chitchat"),
    ],
)
def test_what_is_refused_changes_nothing(
    api_client: APIClient, base: str, flow: str, text: str, status: int, words: str
) -> None:
    before = commits(api_client, base)
    refused = add(api_client, base, flow, text)
    assert refused.status_code == status
    assert words in refused.content.decode()
    assert commits(api_client, base) == before


@pytest.mark.parametrize(
    ("role", "status"),
    [("Flow Builder", 201), ("Developer", 201), ("Business User", 403), ("NLU Editor", 403)],
)
def test_only_who_may_edit_content_adds_examples(
    as_user: AsUser, base: str, role: str, status: int
) -> None:
    assert add(as_user(role), base, "block_card", "My purse is gone").status_code == status


_texts = st.text(st.sampled_from("ab -[](){}:|>#'\"\n%"), max_size=12)


@given(st.one_of(st.lists(_texts.map(plain_example).filter(bool))), _texts, st.booleans())
def test_what_is_added_is_read_back_beside_the_others(
    before: list[str], text: str, as_list: bool
) -> None:
    added = plain_example(text)
    if not added:
        return
    entry: dict[str, Any] = {"intent": "x", "examples": [] if as_list else ""}
    for each in before:
        entry = with_example(entry, each)
    known = read_examples([entry]).intents["x"]
    written = yaml.safe_load(yaml.safe_dump(with_example(entry, added)))
    assert read_examples([written]).intents["x"] == [*known, added]
