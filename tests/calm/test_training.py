"""Training: what is refused, how it is told, and what is only warned about."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelservice.calm.command_line import main
from modelservice.calm.models.model import read_model

FLOW = "flows:\n  go:\n    description: go there\n    steps:\n      - action: utter_x\n"
DOMAIN = (
    "slots:\n  city: {type: text}\n  tags: {type: list}\n"
    "responses:\n  utter_x: [{text: x}]\n  utter_ask_city: [{text: Where?}]\n"
)
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 10)}]\n" for i in range(9)
)


def write_project(folder: Path, flows: str, *, domain: str = DOMAIN, config: str = "") -> None:
    (folder / "data").mkdir()
    (folder / "data" / "flows.yml").write_text(flows, encoding="utf-8")
    (folder / "domain.yml").write_text(domain, encoding="utf-8")
    (folder / "config.yml").write_text(config or "language: en\n", encoding="utf-8")


def train(folder: Path, *more: str) -> int:
    return main(
        [
            "train",
            *("--data", str(folder / "data")),
            *("--domain", str(folder / "domain.yml")),
            *("--config", str(folder / "config.yml")),
            *("--endpoints", str(folder / "endpoints.yml")),
            *("--out", str(folder / "models"), "--fixed-model-name", "m.tar.gz"),
            *more,
        ]
    )


def flow(steps: str, more: str = "") -> str:
    return f"flows:\n  go:\n    description: go\n{more}    steps:\n{steps}"


@pytest.mark.parametrize(
    ("flows", "place", "message"),
    [
        ("flows:\n  go: [", ":3", "not valid YAML"),
        ("- flows", ":1", "must hold a map"),
        ("flows: [go]", ":1", "“flows” must be a map"),
        (FLOW + "  go:\n    steps: []\n", ":6", "“go” is written twice"),
        (BOMB, "", "make this file far too large"),
        ("flows:\n  go: &a\n    description: x\n    steps: [*a]\n", "", "not written above it"),
        (FLOW.replace("steps", "stepz"), ":2: flow 'go'", "The flow has no steps"),
        (FLOW.replace("go there", "[1]"), ":3", "“description” must be a text"),
        (
            flow("      - link: x\n        action: y\n"),
            ":5",
            "this one is action and link",
        ),
        (
            flow("      - link: gone\n"),
            ":5: flow 'go', step 'go_0_link_gone'",
            "flow “gone”, which",
        ),
        (flow("      - collect: gone\n"), ":5", "The slot “gone” does not exist"),
        (flow("      - collect: tags\n"), ":5", "“tags” is a list"),
        (
            flow("      - action: utter_x\n        next: nowhere\n"),
            ":6",
            "“nowhere”, which is no step",
        ),
        (flow("      - id: END\n        action: utter_x\n"), ":5", "reserved"),
        (
            flow("      - id: a\n        action: utter_x\n" * 2),
            ":7",
            "Two steps of this flow have the id “a”",
        ),
        (
            flow("      - action: utter_x\n        next: END\n      - action: utter_x\n"),
            ":7",
            "No path leads to this step",
        ),
        (
            flow("      - noop: true\n        next: [{if: slots.city, then: END}]\n"),
            ":6",
            "The branches need an Else",
        ),
        (
            flow(
                "      - noop: true\n        next: [{if: slots.city >, then: END}, {else: END}]\n"
            ),
            ":6",
            "it ends too early",
        ),
        (
            flow(
                "      - collect: city\n        rejections: "
                "[{if: 'slots.city matches \"(a)(?=.*b)\"', utter: utter_x}]\n"
            ),
            ":6",
            "look-arounds",
        ),
        (
            flow(
                "      - collect: city\n        next: [{if: slots.city, then: "
                "[{action: utter_x}]}, {else: END}]\n"
            ),
            "",
            "A branch must say how it goes on",
        ),
        (
            flow("      - action: utter_x\n", "    persisted_slots: [city]\n"),
            ":4",
            "no step asks for it or sets it",
        ),
    ],
)
def test_refused(
    flows: str, place: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(tmp_path, flows)
    assert train(tmp_path) == 1
    printed = capsys.readouterr().err
    assert printed.startswith(f"error: {tmp_path / 'data' / 'flows.yml'}{place}")
    assert message in printed
    assert not list((tmp_path / "models").glob("*"))


def test_all_problems_of_flows_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(tmp_path, flow("      - action: gone\n      - link: nowhere\n"))
    assert train(tmp_path) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_classic_project_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(tmp_path, "nlu:\n  - intent: greet\n    examples: |\n      - hi\n")
    assert train(tmp_path) == 1
    assert "classic assistant, which only Rasa itself can train" in capsys.readouterr().err


def test_stories_and_forms_are_named_when_nothing_else_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = DOMAIN + "forms: {booking: {required_slots: [city]}}\n"
    write_project(tmp_path, "stories:\n  - story: s\nrules:\n  - rule: r\n", domain=form)
    assert train(tmp_path) == 1
    said = capsys.readouterr().err
    for part in (": stories, ", ": rules, ", "form 'booking'", "only Rasa itself can train"):
        assert part in said


def test_an_empty_project_is_not_called_classic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(tmp_path, "")
    assert train(tmp_path) == 1
    assert "no flows: an assistant needs at least one" in capsys.readouterr().err


def test_a_project_is_trained_and_its_limits_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = (
        "language: en\npipeline:\n  - name: WhitespaceTokenizer\n"
        "  - name: CompactLLMCommandGenerator\n    llm: {model_group: my_models}\n"
        "policies:\n  - name: FlowPolicy\n  - name: EnterpriseSearchPolicy\n"
    )
    flows = flow(
        "      - action: utter_x\n      - action: action_two_stage_fallback\n"
        "        next: [{if: slots.city is None, then: END}, {else: END}]\n"
    )
    domain = DOMAIN + "actions: [action_book]\n"
    write_project(tmp_path, flows + "stories:\n  - story: s\n", domain=domain, config=config)
    assert train(tmp_path) == 0
    printed = capsys.readouterr().out
    assert "progress: 0% read\nprogress: 25% check\nprogress: 60% learn\n" in printed
    for warned in (
        "'WhitespaceTokenizer' is not part of this runtime",
        "CompactLLMCommandGenerator (model group 'my_models') needs a language model",
        "EnterpriseSearchPolicy is not used",
        "stories are for classic assistants",
        "“action_two_stage_fallback” has no effect in a flow.",
        "None is an unknown word here; write null.",
        "nobody runs these custom actions: action_book; name the",
    ):
        assert warned in printed
    assert "FlowPolicy" not in printed


def test_a_model_keeps_environment_references_and_texts(tmp_path: Path) -> None:
    write_project(tmp_path, FLOW, domain=DOMAIN.replace("text: x", "text: 'Grüße {city} 010 yes'"))
    (tmp_path / "endpoints.yml").write_text("action_endpoint: {url: '${ACTIONS}', n: 010, b: yes}")
    assert train(tmp_path) == 0
    model = read_model(tmp_path / "models" / "m.tar.gz")
    assert model.endpoints["action_endpoint"] == {"url": "${ACTIONS}", "n": 10, "b": "yes"}
    assert model.domain["responses"]["utter_x"] == [{"text": "Grüße {city} 010 yes"}]


def test_a_domain_may_be_split_but_not_doubled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(tmp_path, FLOW)
    folder = tmp_path / "domain"
    folder.mkdir()
    (folder / "one.yml").write_text(DOMAIN)
    (folder / "two.yml").write_text("slots:\n  zip: {type: text}\n")
    (tmp_path / "domain.yml").unlink()
    assert train(tmp_path) == 0
    (folder / "two.yml").write_text("slots:\n  city: {type: text}\n")
    assert train(tmp_path) == 1
    assert "two.yml:2: “city”: The slot “city” is defined twice" in capsys.readouterr().err


@pytest.mark.parametrize("flag", ["--no-such-flag", "--augmentation"])
def test_unknown_flags_are_refused(
    flag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        train(tmp_path, flag)
    assert stopped.value.code == 2
    assert f"unknown flags for this runtime: {flag}" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x1f\x8b\x08broken"])
def test_what_is_no_model_is_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "m.tar.gz"
    file.write_bytes(content)
    assert main(["shell", "-m", str(file)]) == 1
    assert "is not a model of this runtime" in capsys.readouterr().err
