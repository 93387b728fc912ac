"""Prompts: what is wrong in one, and the component that names it, edited in place."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelservice.calm.dialogue.templates import render
from modelservice.project.config_text import prompt_paths, read_map
from modelservice.project.language_model import Texts
from modelservice.project.prompts import (
    VARIABLES,
    PromptName,
    prompt_findings,
    with_prompt,
)
from modelservice.project.settings_text import Unwritable

NAMES = get_args(PromptName)
CONFIG = """\
# ours
pipeline:
- name: CompactLLMCommandGenerator   # understands
  llm: {model_group: g}
policies:
- name: FlowPolicy
- name: EnterpriseSearchPolicy  # answers
"""
ENDPOINTS = "nlg:\n  type: rephrase # all\n"
PIECES = st.sampled_from(
    [
        "words\n",
        "{{ user_message }}",
        "{% for flow in available_flows %}{{ flow.name }}{{ loop.index }}{% endfor %}\n",
        "{% set x = 1 %}{{ x }}",
        "{{ docs | length }}\n",
        "{{ slots | to_json_escaped_string }}",
        "{{ nobody }}",
        "{% if a.b %}{% endif %}\n",
        "{% if %}",
        "{{ 'a' | urlize }}",
        "{{ 'a' | nothing }}",
        "{% for %}",
        "{{ lipsum() }}",
        "{{ range(3) | list }}",
        "{% raw %}{{ free }}{% endraw %}",
    ]
)


@given(st.lists(PIECES, max_size=5).map("".join), st.sampled_from(NAMES))
def test_what_the_check_calls_a_template_the_runtime_takes(text: str, name: PromptName) -> None:
    found = prompt_findings(name, text, "prompts/x.jinja2")
    broken = [finding for finding in found if "no template" in finding.message]
    with_all = dict.fromkeys(VARIABLES[name], ())
    if broken:
        with pytest.raises(Exception):  # noqa: B017, PT011  whatever the runtime makes of it
            render(text, with_all)
    assert all(1 <= (finding.line or 0) <= text.count("\n") + 1 for finding in found)
    if not found:
        render(text, with_all)
        assert "nobody" not in text


def test_an_unknown_variable_is_named_with_its_first_line() -> None:
    text = "{{ user_message }}\n{% set mine = 1 %}{{ mine }}\n{{ x.y }}{{ x }}\n{{ docs }}"
    found = prompt_findings("command_generator", text, "p")
    assert [(finding.line, finding.message.split("“")[1][0]) for finding in found] == [
        (3, "x"), (4, "d"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_is_named_in_place_and_forgotten_again(name: PromptName) -> None:
    before = Texts(CONFIG, ENDPOINTS)
    made = with_prompt(before, name, f"prompts/{name}.jinja2")
    maps = read_map(made.config, "config.yml"), read_map(made.endpoints, "endpoints.yml")
    assert prompt_paths(*maps) == {name: f"prompts/{name}.jinja2"}
    assert all(line in made.config.splitlines() for line in CONFIG.splitlines())
    assert made.endpoints.startswith(ENDPOINTS)
    assert with_prompt(made, name, None) == before


def test_there_is_nobody_to_have_it() -> None:
    with pytest.raises(Unwritable):
        with_prompt(Texts("language: en\n", ""), "enterprise_search", "p")
