"""A sentence to the language model that a project names: a real server that speaks its API."""

import json
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from tests.calm.chat_server import Behaviour, ChatServer, body, completion, hang, status
from tests.modelservice.conftest import Realm, Service

KEY = "sk-that-nobody-may-see"
CONFIG = "pipeline:\n- name: CompactLLMCommandGenerator\n  llm: {model_group: group}\n"


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    made = Service(
        tmp_path_factory.mktemp("keyed"),
        realm,
        OPENAI_API_KEY=KEY,
        OTHER_KEY="another secret",
        MODEL_SERVICE_CHILD_VARIABLES="OTHER_KEY,NOT_THERE",
        A_SECRET_OF_THE_SERVICE="for nobody",
    )
    yield made
    made.stop()


def endpoints_of(base: str, **settings: Any) -> str:
    model = {"provider": "self-hosted", "model": "small", "api_base": base, "timeout": 2}
    settings = {"api_key": "${OPENAI_API_KEY}", **settings}
    return json.dumps({"model_groups": [{"id": "group", "models": [{**model, **settings}]}]})


async def tried(
    keyed: Service, http: aiohttp.ClientSession, *script: Behaviour, **settings: Any
) -> tuple[dict[str, Any], ChatServer]:
    chat = ChatServer(*script)
    async with chat.server:
        asked = {"config": CONFIG, "endpoints": endpoints_of(chat.base, **settings), "text": "Hi"}
        async with http.post(f"{keyed.url}/llm/try", json=asked) as answer:
            assert answer.status == 200, await answer.text()
            content = await answer.text()
    assert KEY not in content
    found: dict[str, Any] = json.loads(content)
    return found, chat


async def test_the_answer_with_time_and_tokens(keyed: Service, http: aiohttp.ClientSession) -> None:
    found, chat = await tried(keyed, http, "Hello there")
    assert found["milliseconds"] > 0
    del found["milliseconds"]
    usage = {"prompt_tokens": 120, "completion_tokens": 7}
    assert found == {
        "model": "small", "answer": "Hello there", "problem": "", "status": None, "usage": usage,
    }  # fmt: skip
    assert chat.prompts == ["Hi"]
    assert chat.headers[0]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("behaviour", "code", "words"),
    [
        (status(401, {"error": {"message": f"Incorrect API key: {KEY}"}}), 401, "answered 401"),
        (status(404, {"error": {"message": "no model small"}}), 404, "(no model small)."),
        (status(429, {"error": "quota"}, Retry_After="60"), 429, "answered 429 (quota)."),
        (hang, None, "did not answer in 2 s."),
        (body("<html>"), None, "answered something else than a completion."),
    ],
)
async def test_a_failure_is_one_sentence(
    keyed: Service, http: aiohttp.ClientSession, behaviour: Behaviour, code: int, words: str
) -> None:
    found, _chat = await tried(keyed, http, behaviour)
    assert (found["answer"], found["status"]) == ("", code)
    assert found["problem"].endswith(words) or words in found["problem"]
    assert found["problem"].startswith("The language model ")
    assert "\n" not in found["problem"]


async def test_nobody_is_there(keyed: Service, http: aiohttp.ClientSession) -> None:
    asked = {"config": CONFIG, "endpoints": endpoints_of("http://127.0.0.1:9/v1"), "text": "Hi"}
    async with http.post(f"{keyed.url}/llm/try", json=asked) as answer:
        found = await answer.json()
    assert "127.0.0.1:9 cannot be reached" in found["problem"]


async def test_a_server_that_says_the_key_back(keyed: Service, http: aiohttp.ClientSession) -> None:
    async def echo(request: Any) -> Any:
        return completion(f"you sent {request.headers['Authorization']}")

    found, _chat = await tried(keyed, http, echo)
    assert found["answer"] == "you sent Bearer ***"


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ({"endpoints": endpoints_of("http://a", api_key="${A_SECRET_OF_THE_SERVICE}")}, 409,
         "'A_SECRET_OF_THE_SERVICE' is not set"),
        ({"endpoints": ""}, 409, "no model group 'group'"),
        ({"config": "language: en"}, 409, "no command generator"),
        ({"config": "a: b: c"}, 400, "config.yml"),
        ({"text": ""}, 400, "text is required"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked(
    keyed: Service, http: aiohttp.ClientSession, asked: dict[str, str], code: int, words: str
) -> None:
    whole = {"config": CONFIG, "endpoints": endpoints_of("http://a"), "text": "Hi", **asked}
    async with http.post(f"{keyed.url}/llm/try", json=whole) as answer:
        message = (await answer.json())["message"]
    assert answer.status == code
    assert words in message


async def test_what_is_closed_to_assistants_is_closed_to_a_try(
    keyed: Service, http: aiohttp.ClientSession
) -> None:
    for base in (keyed.url, f"{keyed.url}/clean?x=/chat/completions", "http://127.0.0.1:99999"):
        asked = {"config": CONFIG, "endpoints": endpoints_of(base), "text": "Hi"}
        async with http.post(f"{keyed.url}/llm/try", json=asked) as answer:
            message = (await answer.json())["message"]
        assert answer.status == 409
        assert "may not reach port" in message or "not valid" in message


async def test_names_of_variables_and_no_value(keyed: Service, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{keyed.url}/llm/variables") as answer:
        assert await answer.json() == {"variables": ["OPENAI_API_KEY", "OTHER_KEY"]}
