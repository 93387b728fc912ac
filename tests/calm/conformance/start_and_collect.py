"""Cases 15 to 32: starting a flow and collecting slots."""

from __future__ import annotations

from tests.calm.conformance.case import Case
from tests.calm.conformance.world import IN_KIND, IN_SIZE, put, say, send, start

SESSION = "a(action_session_start) session_started"
ABF_KIND = """
flows:
  order_tea:
    steps: [{collect: kind, ask_before_filling: true}, {collect: size}, {action: action_brew}]
"""
SIZE_IS = "domain: {slots: {size: %s}}"
REJECTS_BIG = """
flows:
  order_tea:
    steps:
      - collect: kind
      - collect: size
        rejections: [{if: '%s', utter: utter_big}]
      - action: action_brew
"""
CATEGORIES = SIZE_IS % "{type: categorical, values: [small, big]}"
BOOLEAN = """
flows: {agree: {description: agree, steps: [{collect: ok}, {action: utter_x}]}}
domain: {slots: {ok: {type: bool}}, responses: {utter_ask_ok: [{text: Ok?}]}}
"""
VALIDATES = "domain: {actions: [action_brew, validate_kind]}"
NOTHING_ASKS = "domain: {responses: {utter_ask_kind: null}}"

CASES = [
    Case(
        15,
        "start",
        say(start("order_tea")),
        f"{SESSION} U fs(order_tea) ASK(kind)",
    ),
    Case(
        16,
        "answer",
        say(put("kind", "green")),
        "U s(kind=green|LLM) OK ASK(size)",
        before=IN_KIND,
    ),
    Case(
        17,
        "start with all values",
        say(start("order_tea"), put("kind", "green"), put("size", "big")),
        f"{SESSION} U s(size=big) s(kind=green) fs(order_tea) SKIP SKIP a(action_brew) "
        "END(order_tea) PC",
    ),
    Case(
        18,
        "initial value",
        say(start("order_tea")),
        f"{SESSION} U fs(order_tea) SKIP ASK(size)",
        changes="domain: {slots: {kind: {type: text, initial_value: green}}}",
    ),
    Case(
        19,
        "asked before filling, at the start",
        say(start("order_tea"), put("kind", "green")),
        f"{SESSION} U fs(order_tea) s(kind=null) ASK(kind)",
        changes=ABF_KIND,
    ),
    Case(
        20,
        "asked before filling, answered",
        say(put("kind", "green")),
        "U s(kind=green) OK ASK(size)",
        before=IN_KIND,
        changes=ABF_KIND,
    ),
    Case(
        21,
        "rejection",
        say(put("size", "9")),
        "U s(size=9.0) R s(size=null) b(utter_big) SAY(utter_ask_size)",
        before=IN_SIZE,
        changes=REJECTS_BIG % "slots.size > 5" + SIZE_IS % "{type: float}",
    ),
    Case(
        22,
        "no number",
        say(put("size", "many")),
        "U s(size=many) R s(size=null) b(utter_float_slot_rejection) SAY(utter_ask_size)",
        before=IN_SIZE,
        changes=SIZE_IS % "{type: float}",
    ),
    Case(
        23,
        "category in other letters",
        say(put("size", "BIG")),
        "U s(size=big) OK a(action_brew) …",
        before=IN_SIZE,
        changes=CATEGORIES,
    ),
    Case(
        24,
        "no such category",
        say(put("size", "huge")),
        "U s(size=huge) R s(size=null) b(utter_categorical_slot_rejection) SAY(utter_ask_size)",
        before=IN_SIZE,
        changes=CATEGORIES,
    ),
    Case(
        25,
        "yes or no",
        say(put("ok", "maybe")),
        "U s(ok=maybe) R s(ok=null) b(utter_boolean_slot_rejection) SAY(utter_ask_ok)",
        before=(say(start("agree")),),
        changes=BOOLEAN,
        then=((say(put("ok", "yes")), "U s(ok=true) OK SAY(utter_x) …"),),
    ),
    Case(
        26,
        "a rejection sees its own slot only",
        say(put("size", "big")),
        "U s(size=big) OK a(action_brew) …",
        before=IN_SIZE,
        changes=REJECTS_BIG % 'slots.kind = "green"',
    ),
    Case(
        27,
        "a rejection that raises",
        say(put("size", "big")),
        "U s(size=big) R s(size=null) b(utter_internal_error_rasa) SAY(utter_ask_size)",
        before=IN_SIZE,
        changes=REJECTS_BIG % "slots.size > 5",
    ),
    Case(
        28,
        "validation action accepts",
        say(put("kind", "green")),
        "U s(kind=green) R a(validate_kind) fc(pattern_collect_information) ASK(size)",
        before=IN_KIND,
        changes=VALIDATES,
    ),
    Case(
        29,
        "validation action refuses",
        say(put("kind", "x")),
        "U s(kind=x) R a(validate_kind) b(No.) s(kind=null|CUSTOM) SAY(utter_ask_kind)",
        before=IN_KIND,
        changes=VALIDATES,
        answers={
            "validate_kind": [
                (200, {}),
                (
                    200,
                    {
                        "events": [{"event": "slot", "name": "kind", "value": None}],
                        "responses": [{"text": "No."}],
                    },
                ),
            ]
        },
    ),
    Case(
        30,
        "only an ask action",
        say(start("order_tea")),
        f"{SESSION} U fs(order_tea) fs(pattern_collect_information) R a(action_ask_kind) b(Kind?)",
        changes="domain: {actions: [action_brew, action_ask_kind], "
        "responses: {utter_ask_kind: null}}",
        answers={"action_ask_kind": [(200, {"responses": [{"text": "Kind?"}]})]},
    ),
    Case(
        31,
        "nothing can ask",
        say(start("order_tea")),
        f"{SESSION} U fs(order_tea) fs(pattern_internal_error) SAY(utter_internal_error_rasa) "
        "fc(pattern_internal_error) fs(pattern_cancel_flow) a(action_cancel_flow) "
        "SAY(utter_flow_cancelled_rasa) fc(pattern_cancel_flow) END(order_tea) PC",
        changes=NOTHING_ASKS,
        sound=False,
    ),
    Case(
        32,
        "set to null again",
        say(put("size", None)),
        "U RE(size)",
        before=IN_SIZE,
    ),
    Case(
        35,
        "button",
        send("/SetSlots(size=big)"),
        "U s(size=big|CommandPayloadReader) OK a(action_brew) …",
        before=IN_SIZE,
    ),
    Case(
        36,
        "button for a slot of another flow",
        send("/SetSlots(weekday=Mon)"),
        "U RE(size)",
        before=IN_SIZE,
    ),
]
