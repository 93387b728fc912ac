"""Projects made of the language's own tokens: most are nearly right, each with its own mistakes."""

import itertools
from typing import Any

from hypothesis import strategies as st

from tests.project.condition_tokens import conditions

SLOTS = ("amount", "tier", "known", "name")
FLOWS = ("pay", "help", "refund", "pattern_chitchat", "pattern_completed")
RESPONSES = ("utter_done", "utter_ask_amount", "utter_ask_tier", "utter_ask_name", "utter_no")
STEP_IDS = ("a", "b", "c")
_TARGETS = ("END", "END", "END", *STEP_IDS)
_WORDS = (
    None,
    True,
    False,
    0,
    5,
    -1.5,
    "",
    "END",
    "END",
    "a",
    "utter_done",
    "slots.amount",
)
_numbers = itertools.count()


def _sometimes(usual: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> Any:
    """The odd one about once in a hundred: a project has many places.

    Each place waits for a number of its own; Hypothesis likes to draw the same ones again."""
    own = next(_numbers) % 100
    return st.integers(0, 99).flatmap(lambda number: odd if number == own else usual)


CONDITION = _sometimes(
    st.sampled_from(
        [
            *("slots.known", "slots.amount > 5", "true", 'slots.tier is "gold" or slots.known'),
            *("slots.name matches '^[A-Z]\\w+'", "slots.name is None", "slots.tier != null"),
            *(
                "slots.{{ context.collect }} is null",
                '{ "a" } contains slots.name',
                "not slots.known",
            ),
        ]
    ),
    conditions(SLOTS),
)
_ODD = st.recursive(
    st.sampled_from(_WORDS),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["if", "then", "else", "utter", "name"]), inner, max_size=2
        )
    ),
    max_leaves=3,
)


def _name(*known: str) -> Any:
    return _sometimes(st.sampled_from(known), st.sampled_from(["gone", "", "utter_"]) | _ODD)


_REJECTION = st.fixed_dictionaries(
    {"if": CONDITION, "utter": _name("utter_no")}, optional={"then": st.just("END")}
)


def _branches(steps: st.SearchStrategy[Any]) -> Any:
    target = _sometimes(st.sampled_from(_TARGETS), st.sampled_from(["gone", "START", ""]))
    way = target | st.lists(_ending(steps), min_size=1, max_size=1)
    then = st.fixed_dictionaries({"if": CONDITION, "then": way}, optional={"next": st.just("END")})
    otherwise = st.fixed_dictionaries({"else": way}, optional={"id": st.just("x")})
    usual = st.tuples(st.lists(then, max_size=2), otherwise).map(
        lambda parts: [*parts[0], parts[1]]
    )
    return _sometimes(usual, st.lists(then | otherwise | _ODD, max_size=3))


def _ending(steps: st.SearchStrategy[Any]) -> Any:
    """A step at the end of a branch, which has to say how it goes on."""
    ended = steps.map(
        lambda step: (
            {"next": "END", **step} if isinstance(step, dict) and "link" not in step else step
        )
    )
    return _sometimes(ended, steps)


_TWO_ENDS = {"length": 3, "finish_on_key": "#"}


def _kinds() -> Any:
    assignment = st.dictionaries(_keys(*SLOTS), _ODD, min_size=1, max_size=2)
    return st.one_of(
        st.fixed_dictionaries({"action": _name("utter_done", "action_pay", "action_listen")}),
        st.fixed_dictionaries(
            {"collect": _sometimes(_name(*SLOTS), st.just("tags"))},
            optional={
                "rejections": st.lists(_REJECTION, max_size=2),
                "utter": _name("utter_ask_amount"),
                "ask_before_filling": st.booleans(),
                "dtmf": _sometimes(st.just({"length": 3}), st.just(_TWO_ENDS) | _ODD),
                "silence_timeout": st.sampled_from([5, {"rest": 3}, None]),
            },
        ),
        st.fixed_dictionaries({"set_slots": _sometimes(st.lists(assignment, min_size=1), _ODD)}),
        st.fixed_dictionaries({"link": _name("help", "refund", "pattern_search")}),
        st.fixed_dictionaries(
            {"call": _name("help", "refund", "car_finder")},
            optional={"exit_if": st.lists(CONDITION, max_size=1), "mcp_server": st.just("tools")},
        ),
        st.fixed_dictionaries({"noop": st.just(True), "next": st.just("END")}),
    )


def _keys(*known: str) -> Any:
    return _sometimes(st.sampled_from(known), st.just("gone"))


_IDS = st.sampled_from((*STEP_IDS, "START", "NEXT:a")) | _ODD


def _with(parts: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    return {**parts[0], **parts[1]}


def _unlinked(step: dict[str, Any]) -> dict[str, Any]:
    """A link goes on nowhere."""
    return {key: step[key] for key in step if key != "next"} if "link" in step else step


_FURTHER = st.sampled_from(["metadata", "description", "utter", "title", "link", "collect"])
_STEP: st.SearchStrategy[Any] = st.deferred(
    lambda: (
        st.tuples(
            _kinds(),
            st.fixed_dictionaries(
                {},
                optional={
                    "id": _sometimes(st.integers(0, 999).map("s{}".format), _IDS),
                    "next": st.sampled_from([None, *_TARGETS]) | _branches(_STEP),
                },
            ),
        )
        .map(_with)
        .flatmap(lambda step: _sometimes(st.just(_unlinked(step)), st.just(step)))
    )
)
_ODD_STEP = st.tuples(_STEP, st.dictionaries(_FURTHER, _ODD, max_size=1)).map(_with) | _ODD
_HEAD = st.fixed_dictionaries(
    {},
    optional={
        "if": _sometimes(CONDITION | st.booleans(), _ODD),
        "name": _sometimes(st.integers(0, 999).map(str), st.just("Pay") | _ODD),
        "nlu_trigger": _sometimes(st.just([]), st.lists(st.just({"intent": "greet"}) | _ODD)),
        "persisted_slots": _sometimes(st.just([]), st.lists(_name(*SLOTS), max_size=1)),
        "run_pattern_completed": _sometimes(st.booleans(), _ODD),
        "translation": _sometimes(st.just({"de": {"name": "Zahlen"}}), _ODD),
        "owner": st.just("me"),
    },
)


def _flow(name: str) -> Any:
    description = _sometimes(st.just(f"what {name} does"), st.just("the same") | _ODD)
    steps = st.lists(_sometimes(_STEP, _ODD_STEP), min_size=1, max_size=3)
    body = st.fixed_dictionaries(
        {"description": description, "steps": _sometimes(steps, st.just([]) | _ODD)}
    )
    return _sometimes(st.tuples(body, _sometimes(st.just({}), _HEAD) | _HEAD).map(_with), _ODD)


FLOW_BODIES = _flow("pay")

_SLOT_TYPES = ("text", "bool", "float", "list", "any", "own.Slot")
_SLOT = st.fixed_dictionaries(
    {
        "type": _sometimes(
            st.sampled_from(_SLOT_TYPES), st.sampled_from(["categorical", "number"]) | _ODD
        )
    },
    optional={
        "values": _sometimes(st.just(["gold", 1]), _ODD),
        "initial_value": _ODD,
        "min_value": _sometimes(st.sampled_from([0, -1.5, None]), _ODD),
        "max_value": _sometimes(st.sampled_from([5, None]), st.just(-9) | _ODD),
        "mappings": _sometimes(
            st.lists(
                st.fixed_dictionaries(
                    {
                        "type": _sometimes(
                            st.sampled_from(["from_llm", "controlled", "custom"]), _ODD
                        )
                    },
                    optional={"entity": _name("city"), "action": _name("a"), "value": _ODD},
                ),
                max_size=2,
            ),
            _ODD,
        ),
        "validation": st.fixed_dictionaries({"rejections": st.lists(_REJECTION, max_size=1)})
        | _ODD,
    },
)
_SOUND_SLOTS: dict[str, Any] = {
    "amount": {"type": "float"},
    "tier": {"type": "categorical", "values": ["gold", "silver"]},
    "known": {"type": "bool", "initial_value": False},
    "name": {"type": "text"},
    "tags": {"type": "list"},
}
_SLOTS = st.fixed_dictionaries(
    {name: _sometimes(st.just(body), _SLOT) for name, body in _SOUND_SLOTS.items()},
    optional={"age": _SLOT},
)
_BUTTON = st.fixed_dictionaries({"title": _ODD}, optional={"payload": _ODD})
_OLD_CONDITION = st.just({"type": "slot", "name": "tier", "value": "gold"})
_VARIATION = st.fixed_dictionaries(
    {"text": _sometimes(st.sampled_from(["{amount} for {name}", "{gone}", "{}"]), _ODD)},
    optional={
        "custom": _ODD,
        "condition": _sometimes(CONDITION | st.lists(_OLD_CONDITION), _ODD),
        "buttons": _sometimes(st.lists(_BUTTON, max_size=2), _ODD),
        "translation": _sometimes(st.just({"de": "{amount} an {name}"}), _ODD),
        "metadata": _sometimes(st.just({"template": "jinja"}), _ODD),
    },
)
_RESPONSES = st.fixed_dictionaries(
    {
        name: _sometimes(st.just([{"text": name}]), st.lists(_VARIATION, max_size=2) | _ODD)
        for name in RESPONSES
    }
)
PROJECTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "flows": st.fixed_dictionaries(
            {"pay": _flow("pay")}, optional={name: _flow(name) for name in FLOWS[1:]}
        ),
        "slots": _sometimes(_SLOTS, st.just({**_SOUND_SLOTS, "language": {"type": "text"}})),
        "responses": _sometimes(_RESPONSES, st.just({})),
    }
)

_COMPONENT = st.fixed_dictionaries(
    {"name": _name("CompactLLMCommandGenerator", "NLUCommandAdapter", "FlowPolicy")},
    optional={"llm": _ODD, "user_input": _ODD, "prompt_template": _ODD, "vector_store": _ODD},
)
_COMPONENTS = _sometimes(st.lists(_COMPONENT, max_size=2), _ODD)
_NLU_ITEM = st.dictionaries(
    st.sampled_from(["intent", "lookup", "regex", "synonym", "examples"]),
    _sometimes(
        st.sampled_from(["greet", "- hi\n- [Ana](name)\n", '- a [b]{"entity": "c"}', "(", "- (x"]),
        _ODD,
    ),
    max_size=3,
)
SETTINGS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "config": st.fixed_dictionaries(
            {},
            optional={
                "language": _sometimes(st.sampled_from(["en", "de"]), _ODD),
                "additional_languages": st.lists(st.sampled_from(["en", "es"])) | _ODD,
                "assistant_id": _ODD,
                "pipeline": _COMPONENTS,
                "policies": _COMPONENTS,
            },
        ),
        "endpoints": st.dictionaries(
            st.sampled_from(["nlg", "action_endpoint", "model_groups", "mcp_servers"]), _ODD
        ),
        "nlu": _sometimes(st.lists(_NLU_ITEM, max_size=3), _ODD),
        "domain": st.dictionaries(
            st.sampled_from(["session_config", "forms", "entities", "e2e_actions", "config"]), _ODD
        ),
    }
)
