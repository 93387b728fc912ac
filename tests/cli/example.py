"""A small project as the CLI reads it."""

import pytest

from tests.cli.client import LocalProject

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
