"""The form of the language model, and a sentence to the model by a real model service."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.calm.chat_server import Behaviour, ChatServer, status
from tests.conftest import AsUser
from tests.modelservice.conftest import Service
from tests.studio.conftest import Import
from tests.studio.versions.conftest import FILES

CONFIG = b"""\
# The tea house
recipe: default.v1
language: en
pipeline:
- name: CompactLLMCommandGenerator   # understands
  llm:
    model_group: ours
policies: [{name: FlowPolicy}]
"""
ENDPOINTS = b"""\
# who says what
nlg: {type: rephrase}
model_groups:
- id: ours
  models:
  - provider: openai   # theirs
    model: gpt-4o-mini
    api_key: ${OPENAI_API_KEY}
    seed: 3
tracker_store: {url: "redis://me:hidden@store"}
"""


@contextmanager
def model_server(*script: Behaviour) -> Iterator[ChatServer]:
    """In a thread of its own: who asks it here waits for the answer."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    chat = ChatServer(*script)
    asyncio.run_coroutine_threadsafe(chat.server.start_server(), loop).result(10)
    try:
        yield chat
    finally:
        asyncio.run_coroutine_threadsafe(chat.server.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@pytest.fixture
def base(import_project: Import) -> str:
    files = {**FILES, "config.yml": CONFIG, "endpoints.yml": ENDPOINTS}
    return f"/api/v1/assistants/{import_project(files)['assistant']['id']}/"


def text(client: APIClient, base: str, name: str) -> str:
    return str(client.get(f"{base}{name}/").json()["text"])


def patch(client: APIClient, base: str, **fields: Any) -> Any:
    return client.patch(f"{base}language-model/", fields, format="json")


def commits(client: APIClient, base: str) -> list[dict[str, Any]]:
    return list(client.get(f"{base}commits/").json()["results"])


@pytest.mark.django_db
def test_fields_are_written_where_they_stand(api_client: APIClient, base: str) -> None:
    read = api_client.get(f"{base}language-model/").json()
    assert (read["component"], read["place"], read["group"]) == (
        "CompactLLMCommandGenerator", "group", "ours",
    )  # fmt: skip
    assert read["settings"]["key"] == "OPENAI_API_KEY"
    assert read["more"] == [{"file": "endpoints.yml", "what": "not_shown", "name": "seed"}]
    uses = {use["role"]: (use["on"], use["same"]) for use in read["uses"]}
    assert uses == {
        "command_generator": (True, True), "rephraser": (True, True), "search": (False, False),
    }  # fmt: skip
    before = len(commits(api_client, base))
    changed = patch(api_client, base, model="gpt-4o", temperature=0)
    assert changed.status_code == 200, changed.json()
    assert changed.json()["settings"]["model"] == "gpt-4o"
    expected = ENDPOINTS.decode().replace("gpt-4o-mini", "gpt-4o")
    expected = expected.replace("    seed: 3\n", "    seed: 3\n    temperature: 0\n")
    assert text(api_client, base, "endpoints") == expected
    assert text(api_client, base, "config") == CONFIG.decode()
    assert len(commits(api_client, base)) == before + 1
    # What undo sends brings back every byte.
    assert patch(api_client, base, model="gpt-4o-mini", temperature=None).status_code == 200
    assert text(api_client, base, "endpoints") == ENDPOINTS.decode()


@pytest.mark.django_db
def test_off_and_on_is_one_commit_each(api_client: APIClient, base: str) -> None:
    before = len(commits(api_client, base))
    gone = api_client.delete(f"{base}language-model/")
    assert gone.status_code == 200
    assert gone.json()["settings"] is None
    assert "llm" not in text(api_client, base, "config")
    assert "- name: CompactLLMCommandGenerator   # understands" in text(api_client, base, "config")
    assert text(api_client, base, "endpoints") == ENDPOINTS.decode()
    on = patch(api_client, base, provider="azure", deployment="ours", key="AZURE_API_KEY")
    assert on.json()["settings"]["provider"] == "azure"
    assert len(commits(api_client, base)) == before + 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "sk-proj-abcdefghijklmnop"),
        ("key", "${OPENAI_API_KEY}"),
        ("key", "0f3a9b7c5d1e4f60a2b3c4d5e6f70819"),
        ("api_base", "https://me:secret@host/v1"),
        ("api_base", "host/v1"),
        ("model", "two\nlines"),
        ("temperature", "1"),
        ("temperature", 3),
        ("timeout", True),
        ("max_tokens", 0),
        ("provider", ""),
    ],
)
def test_what_is_refused_changes_nothing(
    api_client: APIClient, base: str, field: str, value: Any
) -> None:
    refused = patch(api_client, base, **{"model": "other", field: value})
    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert text(api_client, base, "endpoints") == ENDPOINTS.decode()


@pytest.mark.django_db
def test_flows_that_are_always_in_the_prompt(api_client: APIClient, base: str) -> None:
    assert api_client.get(f"{base}language-model/").json()["always"] == []
    flow = api_client.get(f"{base}flows/order_tea/").json()
    for value, expected in ((True, ["order_tea"]), (False, [])):
        body = {**flow["body"], "name": "order tea", "always_include_in_prompt": value}
        change = {"revision": flow["revision"], "body": body}
        flow = api_client.put(f"{base}flows/order_tea/", change, format="json").json()
        always = api_client.get(f"{base}language-model/").json()["always"]
        assert [each["flow"] for each in always] == expected
        assert all(each["flow_name"] == "order tea" for each in always)


@pytest.mark.django_db
def test_a_pipeline_without_a_generator_says_what_to_do(
    api_client: APIClient, import_project: Import
) -> None:
    address = f"/api/v1/assistants/{import_project(FILES)['assistant']['id']}/"
    refused = patch(api_client, address, model="m")
    assert refused.status_code == 400
    assert "no command generator" in refused.json()["detail"]


@pytest.mark.django_db
def test_who_may_not_edit_settings_reads_without_secrets(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    secret = "    api_base: https://me:hidden@host/v1\n    api_key: sk-hidden\n    max_tokens: 9\n"
    stored = api_client.get(f"{base}endpoints/").json()
    changed = stored["text"].replace("    api_key: ${OPENAI_API_KEY}\n", secret)
    change = {"revision": stored["revision"], "text": changed}
    assert api_client.put(f"{base}endpoints/", change, format="json").status_code == 200
    designer = as_user("Flow Builder")
    read = designer.get(f"{base}language-model/")
    assert "hidden" not in read.content.decode()
    assert read.json()["settings"]["max_tokens"] == 9
    assert {"file": "endpoints.yml", "what": "written_key", "name": ""} in read.json()["more"]
    assert patch(designer, base, model="m").status_code == 403
    assert designer.delete(f"{base}language-model/").status_code == 403
    tried = designer.post(f"{base}language-model/try/", {"text": "Hi"}, format="json")
    assert tried.status_code == 403
    assert designer.get(f"{base}language-model/variables/").status_code == 403


def test_a_sentence_to_the_model(api_client: APIClient, base: str, service: Service) -> None:
    def tried() -> Any:
        return api_client.post(f"{base}language-model/try/", {"text": "Hi"}, format="json")

    with model_server("Hello there", status(401, {"error": {"message": "wrong key"}})) as chat:
        change = patch(
            api_client, base, provider="self-hosted", api_base=chat.base, model="small", key=""
        )
        assert change.status_code == 200
        found = tried().json()
        assert (found["answer"], found["problem"]) == ("Hello there", "")
        assert found["usage"] == {"prompt_tokens": 120, "completion_tokens": 7}
        assert found["milliseconds"] > 0
        refused = tried().json()
        assert (refused["status"], refused["answer"]) == (401, "")
        assert "answered 401 (wrong key)" in refused["problem"]
    patch(api_client, base, key="NOBODY_HAS_SET_IT")
    unset = tried()
    assert unset.status_code == 409
    assert unset.json()["code"] == "language_model_not_asked"
    assert "'NOBODY_HAS_SET_IT' is not set" in unset.json()["detail"]
    known = api_client.get(f"{base}language-model/variables/").json()["variables"]
    assert "NOBODY_HAS_SET_IT" not in known


@pytest.mark.django_db
def test_without_a_model_service_the_form_still_reads(
    api_client: APIClient, base: str, settings: Any
) -> None:
    settings.MS_API_URL = "http://127.0.0.1:9"
    assert api_client.get(f"{base}language-model/").status_code == 200
    tried = api_client.post(f"{base}language-model/try/", {"text": "Hi"}, format="json")
    assert tried.json()["code"] == "model_service_unavailable"
