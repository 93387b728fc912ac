"""Cases 90 to 102: step kinds, guards, loops and changed flows."""

from __future__ import annotations

from modelservice.calm.dialogue.events import Event
from tests.calm.conformance.case import Case
from tests.calm.conformance.world import IN_SIZE, World, put, say, send, start

SESSION = "a(action_session_start) session_started"
CANNOT_HANDLE = "fs(pattern_cannot_handle) SAY(utter_ask_rephrase) fc(pattern_cannot_handle)"
SLOTS = """
domain:
  slots: {n: {type: float}, a: {type: any, initial_value: 0}, b: {type: any}, street: {type: text}}
  responses: {utter_ask_street: [{text: Street?}], utter_y: [{text: y}]}
"""


def one_flow(steps: str, more: str = "") -> str:
    return SLOTS + f"flows:\n  go: {{description: go, steps: {steps} {more}}}\n"


CHOICE = (
    "[{noop: true, next: [{if: '%s', then: [{action: utter_x, next: END}]}, "
    "{if: '%s', then: [{action: utter_y, next: END}]}, {else: END}]}]"
)
CALLS = (
    SLOTS
    + """
flows:
  go: {description: go, steps: [{call: pick}, {action: utter_x}]}
  pick: {description: pick, steps: [{collect: street}]}
"""
)
LINKS = SLOTS + (
    "flows:\n  order_tea: {steps: [{collect: kind}, {link: pay}]}\n"
    "  pay: {description: pay, if: false, steps: [{action: utter_x}]}\n"
)
GUARDED = (
    SLOTS
    + """
flows:
  go: {description: go, steps: [{call: secret}]}
  secret:
    description: secret
    if: false
    nlu_trigger: [{intent: greet}]
    steps: [{action: utter_x}]
"""
)
LOOP = one_flow(
    "[{id: ask, collect: kind}, {id: again, %s, next: [{if: 'slots.kind is null', then: ask}, "
    "{if: 'slots.n is null', then: [{set_slots: [{n: 1}], next: ask}]}, "
    "{else: [{action: utter_x, next: END}]}]}]"
)
OWN_COLLECT = """
flows:
  pattern_collect_information:
    description: asks once, and only while the asking flow is the tea
    steps:
      - noop: true
        next:
          - if: "slots.{{context.collect}} is not null"
            then: END
          - if: 'context.flow_id is "order_tea"'
            then:
              - action: "{{context.utter}}"
              - action: action_listen
                next: END
          - else: END
"""


def says_the_error_once(world: World, events: list[Event]) -> None:
    said = [e.metadata.get("utter_action") for e in events if e.type == "bot"]
    assert said.count("utter_internal_error_rasa") == 1
    assert world.tracker.stack.top_user_frame is None


CASES = [
    Case(
        90,
        "null compared",
        say(start("go")),
        f"{SESSION} U fs(go) SAY(utter_y) fc(go) PC",
        changes=one_flow(CHOICE % ("slots.n > 3", "true")),
    ),
    Case(
        91,
        "first true branch",
        say(start("go")),
        f"{SESSION} U fs(go) SAY(utter_x) fc(go) PC",
        changes=one_flow(CHOICE % ("true", "true")),
    ),
    Case(
        92,
        "noop leaves nothing",
        say(start("go")),
        f"{SESSION} U fs(go) fc(go) PC",
        changes=one_flow(CHOICE % ("false", "false")),
    ),
    Case(
        93,
        "set slots",
        say(start("go")),
        f"{SESSION} U fs(go) s(a=1|-) s(b=null|-) s(a=0) s(b=null) fc(go) PC",
        changes=one_flow("[{set_slots: [{a: 1}, {b: null}]}]"),
    ),
    Case(
        94,
        "persisted slots",
        say(put("size", "big")),
        "U s(size=big) OK a(action_brew) s(size=null) fc(order_tea) PC",
        before=IN_SIZE,
        changes="flows: {order_tea: {persisted_slots: [kind]}}",
    ),
    Case(
        94,
        "persisted set_slots",
        say(start("go")),
        f"{SESSION} U fs(go) s(a=1) fc(go) PC",
        changes=one_flow("[{set_slots: [{a: 1}]}]", ", persisted_slots: [a]"),
    ),
    Case(
        95,
        "call",
        say(start("go")),
        f"{SESSION} U fs(go) fs(pick) ASK(street)",
        changes=CALLS,
        then=(
            (
                say(put("street", "Elm")),
                "U s(street=Elm) OK fc(pick@pick_0_collect_street) SAY(utter_x) s(street=null) "
                "fc(go) PC",
            ),
        ),
    ),
    Case(
        96,
        "link",
        say(start("order_tea"), put("kind", "green")),
        f"{SESSION} U s(kind=green) fs(order_tea) SKIP s(kind=null) fc(order_tea) fs(pay) "
        "SAY(utter_x) fc(pay) PC",
        changes=LINKS,
    ),
    Case(
        97,
        "call of a guarded flow",
        say(start("go")),
        f"{SESSION} U fs(go) fs(secret) SAY(utter_x) fc(secret) fc(go) PC",
        changes=GUARDED,
    ),
    Case(
        97,
        "start of a guarded flow",
        say(start("secret")),
        f"{SESSION} U {CANNOT_HANDLE}",
        changes=GUARDED,
    ),
    Case(
        98,
        "trigger of a guarded flow",
        send("/greet"),
        f"{SESSION} U fs(secret) SAY(utter_x) fc(secret) PC",
        changes=GUARDED,
    ),
    Case(
        99,
        "loop to a filled question",
        say(start("go"), put("kind", "green")),
        f"{SESSION} U s(kind=green) fs(go) SKIP s(n=1) SKIP SAY(utter_x) …",
        changes=LOOP % "noop: true",
    ),
    Case(
        99,
        "loop to an emptied question",
        say(start("go"), put("kind", "green")),
        f"{SESSION} U s(kind=green) fs(go) SKIP s(kind=null) ASK(kind)",
        changes=LOOP % "set_slots: [{kind: null}]",
    ),
    Case(
        100,
        "endless loop",
        say(start("go")),
        f"{SESSION} U fs(go) fs(pattern_internal_error) SAY(utter_internal_error_rasa) "
        "fc(pattern_internal_error) fc(go@NEXT:END) PC",
        changes=one_flow("[{id: a, noop: true, next: b}, {id: b, noop: true, next: a}]"),
        check=says_the_error_once,
    ),
    Case(
        101,
        "flow changed between turns",
        send("hi"),
        "U fs(pattern_code_change) SAY(utter_inform_code_change) a(action_clean_stack) "
        "fc(pattern_code_change)",
        before=IN_SIZE,
        retrained="flows: {order_tea: {description: order any tea}}",
    ),
    Case(
        102,
        "own pattern_collect_information",
        say(start("order_tea")),
        f"{SESSION} U fs(order_tea) fs(pattern_collect_information) SAY(utter_ask_kind)",
        changes=OWN_COLLECT,
        then=(
            (
                say(put("kind", "green")),
                "U s(kind=green) fc(pattern_collect_information) "
                "fs(pattern_collect_information) SAY(utter_ask_size)",
            ),
        ),
    ),
]
