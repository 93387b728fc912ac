"""The Rasa CLI of a person, against the backend in this process."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.cli.client import Answer, CliClient, LocalProject
from tests.conftest import AsUser

CliOf = Callable[..., CliClient]


def posting(client: APIClient) -> Callable[[Mapping[str, Any]], Answer]:
    def post(body: Mapping[str, Any]) -> Answer:
        answer = client.post("/api/graphql/", body, format="json")
        return answer.status_code, answer.json()

    return post


@pytest.fixture
def cli_of(as_user: AsUser) -> CliOf:
    """`cli_of("Developer")`: the CLI of a new person with these roles."""

    def make(*roles: str, username: str = "", version: str = "3.21") -> CliClient:
        return CliClient(posting(as_user(*roles, username=username)), version)

    return make


CONFIG = """\
# ours
recipe: default.v1
language: en
pipeline:
- name: CompactLLMCommandGenerator
  prompt_template: prompts/commands.jinja2
policies:
- name: FlowPolicy
"""


@pytest.fixture
def project() -> LocalProject:
    return LocalProject(
        flows={
            "pay": {
                "description": "pay somebody",
                "steps": [
                    {"collect": "amount", "description": "how much"},
                    {"id": "ask_name", "collect": "name"},
                    {"action": "utter_done"},
                ],
            },
            "help": {"description": "say what is possible", "steps": [{"action": "utter_help"}]},
        },
        domain={
            "version": "3.1",
            "intents": ["greet"],
            "slots": {"amount": {"type": "float"}, "name": {"type": "text"}},
            "responses": {
                "utter_ask_amount": [{"text": "How much?"}],
                "utter_ask_name": [{"text": "To whom?"}],
                "utter_done": [{"text": "Done."}],
                "utter_help": [{"text": "I pay."}],
            },
            "session_config": {
                "session_expiration_time": 60,
                "carry_over_slots_to_new_session": True,
            },
        },
        nlu=[{"intent": "greet", "examples": "- hi\n- hello\n"}],
        config=CONFIG,
        endpoints="# where\naction_endpoint:\n  actions_module: actions\n",
        prompts={"command_generator": "Say what {{ name }} wants.\n"},
    )
