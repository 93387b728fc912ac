"""The form of the language model: what is set is read again, and all else stays byte for byte."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from modelservice.project.config_text import read_map
from modelservice.project.language_model import (
    ModelSettings,
    More,
    Texts,
    language_model_of,
    uses_of,
    with_language_model,
)
from modelservice.project.settings_text import Unwritable

WORDS = (
    *("gpt-4o", "a b", "it's", 'say "x"', "x: y", "# x", "a #b", "äß中", "0", "1.5", "null", "yes"),
    *("- a", "{x}", "[1]", "&a", "*a", "!x", "%x", "@x", "2024-10-21", "http://h:1/v1?a=b#c", " "),
)
words = st.sampled_from(WORDS)
variables = st.sampled_from(["OPENAI_API_KEY", "K", "A_1"])
numbers = st.one_of(st.none(), st.integers(0, 90), st.floats(0, 2, allow_nan=False))
settings = st.builds(
    ModelSettings,
    provider=st.sampled_from(["openai", "azure", "self-hosted", "anthropic"]),
    model=words | st.just(""),
    deployment=words | st.just(""),
    api_base=words | st.just(""),
    api_version=words | st.just(""),
    key=variables | st.just(""),
    temperature=numbers,
    timeout=numbers,
    max_tokens=st.none() | st.integers(1, 4000),
)
# What stands around it: sections that nobody may touch, with comments and odd layout.
OTHERS = (
    "",
    "# nothing but a note\n",
    "recipe:   default.v1   # with blanks\n",
    "policies:\n- name: FlowPolicy\n\n\n",
    "tracker_store: {type: SQL,  db: 'x'}\n",
    "nlg:\n    type: rephrase\n    # all of them\n    rephrase_all: true\n",
    'event_broker:\n  url: ${KAFKA}\n  topic: "rasa"   # events\n',
)
# Each once: a key that stands twice is no YAML.
pairs = st.permutations(OTHERS).map(lambda found: (found[0], found[1]))
generators = st.sampled_from(
    [
        "pipeline:\n- name: CompactLLMCommandGenerator\n",
        "pipeline:\n  - name: CompactLLMCommandGenerator # understands\n    # by\n    llm:\n"
        "      model_group: assistant_llm\n    prompt_template: prompts/x.jinja2\n",
        "pipeline:\n- name: NLUCommandAdapter\n- name: rasa.SearchReadyLLMCommandGenerator\n"
        "  flow_retrieval: {active: false}\n  llm: {model_group: assistant_llm}\n",
        "pipeline:\n- name: SingleStepLLMCommandGenerator\n  llm:\n    provider: openai # why not\n"
        "    model: gpt-4o\n    request_timeout: 5\n",
    ]
)
groups = st.sampled_from(
    [
        "",
        "model_groups:\n- id: other\n  models:\n  - provider: openai\n    model: gpt-4o # theirs\n",
        "model_groups:\n  # ours\n  - id: assistant_llm   # the one\n    models:\n"
        "      - provider: openai\n        model: gpt-4o-mini\n        api_key: ${OPENAI_API_KEY}\n"
        "        request_timeout: 9 # slow\n        seed: 4\n"
        "      - provider: azure\n        deployment: second\n    router: {routing_strategy: x}\n",
    ]
)


def parsed(texts: Texts) -> tuple[dict[str, Any], dict[str, Any]]:
    return read_map(texts.config, "config.yml"), read_map(texts.endpoints, "endpoints.yml")


@given(settings, pairs, pairs, generators, groups)
def test_what_is_set_is_read_again_and_the_rest_is_as_it_was(
    wanted: ModelSettings,
    around: tuple[str, str],
    beside: tuple[str, str],
    pipeline: str,
    models: str,
) -> None:
    (a, b), (c, d) = around, beside
    before = Texts(a + pipeline + b, c + models + d)
    after = with_language_model(before, wanted)
    config, endpoints = parsed(after)
    assert language_model_of(config, endpoints).settings == wanted
    # What is new at the end stands above the blank lines there.
    assert after.config.startswith(a.rstrip())
    assert after.endpoints.startswith(c.rstrip())
    assert b.rstrip() in after.config
    assert d.rstrip() in after.endpoints
    old_config, old_endpoints = parsed(before)
    assert {**config, "pipeline": None} == {**old_config, "pipeline": None}
    kept = {**endpoints, "model_groups": None}
    assert kept == {**old_endpoints, "model_groups": None}
    # Comments are nobody's to take; "seed" and the second model are not in the form.
    for note in ("# ours", "# the one", "# slow", "seed: 4", "deployment: second", "# theirs"):
        gone = note == "# slow" and wanted.timeout is None
        if note in models and not gone and language_model_of(old_config, old_endpoints).group:
            assert note in after.endpoints
    for note in ("# understands", "# by", "prompt_template: prompts/x.jinja2"):
        assert note not in pipeline or note in after.config


@given(settings, generators, groups)
def test_the_same_again_changes_no_byte(wanted: ModelSettings, pipeline: str, models: str) -> None:
    once = with_language_model(Texts(pipeline, models), wanted)
    assert with_language_model(once, wanted) == once


@given(settings, generators, groups)
def test_off_and_on_again_needs_no_second_group(
    wanted: ModelSettings, pipeline: str, models: str
) -> None:
    on = with_language_model(Texts(pipeline, models), wanted)
    off = with_language_model(on, None)
    assert language_model_of(*parsed(off)).settings is None
    again = with_language_model(off, wanted)
    assert language_model_of(*parsed(again)).settings == wanted
    twice = with_language_model(with_language_model(again, None), wanted)
    assert len(parsed(twice)[1]["model_groups"]) <= len(parsed(again)[1]["model_groups"])


def test_a_file_that_says_more_than_the_form() -> None:
    model = {"provider": "openai", "model": "m", "api_key": "sk-1", "top_p": 1, "timeout": "${T}"}
    endpoints = {"model_groups": [{"id": "g", "models": [model, {"model": "n"}]}]}
    config = {"pipeline": [{"name": "CompactLLMCommandGenerator", "llm": {"model_group": "g"}}]}
    found = language_model_of(config, endpoints)
    assert found.settings == ModelSettings(model="m")
    assert set(found.more) == {
        More("endpoints.yml", "several_models"),
        More("endpoints.yml", "written_key"),
        More("endpoints.yml", "not_shown", "top_p"),
        More("endpoints.yml", "not_shown", "timeout"),
    }
    texts = Texts(yaml.safe_dump(config), yaml.safe_dump(endpoints))
    after = with_language_model(texts, ModelSettings(model="m2", key="NEW_KEY"))
    written = read_map(after.endpoints, "endpoints.yml")["model_groups"][0]["models"]
    assert written == [{**model, "model": "m2", "api_key": "${NEW_KEY}"}, {"model": "n"}]


@pytest.mark.parametrize(
    "config",
    [
        "language: en\n",  # nothing that could ask a model
        "x: &a {name: CompactLLMCommandGenerator}\npipeline: [*a]\n",  # an alias
    ],
)
def test_what_only_a_person_can_edit_is_left_whole(config: str) -> None:
    with pytest.raises(Unwritable):
        with_language_model(Texts(config, ""), ModelSettings(model="m"))


def test_an_empty_endpoints_file_keeps_its_comments() -> None:
    config = "pipeline:\n- name: CompactLLMCommandGenerator\n"
    after = with_language_model(Texts(config, "# none yet\n{}\n"), ModelSettings(model="m"))
    assert after.endpoints.startswith("# none yet\nmodel_groups:\n")


def test_who_asks_which_model() -> None:
    own = {"model_group": "g"}
    config = {
        "pipeline": [{"name": "CompactLLMCommandGenerator", "llm": own}],
        "policies": [{"name": "EnterpriseSearchPolicy", "llm": {"model_group": "big"}}],
    }
    endpoints = {"nlg": {"type": "rephrase"}}
    found = [(use.role, use.on, use.same, use.model) for use in uses_of(config, endpoints)]
    assert found == [
        ("command_generator", True, True, "g"),
        ("rephraser", True, True, "g"),
        ("search", True, False, "big"),
    ]
    off = [use.on for use in uses_of({"pipeline": []}, {})]
    assert off == [False, False, False]
