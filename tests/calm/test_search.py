"""Answers from a project's documents: found by full-text rank, quoted or in a model's words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelservice.calm.channels.bot import load_bot
from modelservice.calm.command_line import main
from modelservice.calm.dialogue.events import Event
from modelservice.calm.search.index import PassageIndex, pack
from modelservice.calm.search.passages import passages_of
from modelservice.calm.turns.turn import UserMessage
from tests.calm.chat_server import Behaviour, hang, talking

FEES = """---
owner: Anna
---
# Fees
## Current account
The current account costs nothing as long as at least 700 euros arrive every month.
Otherwise it is **4.90 euros** a month, see [the list](https://bank.example/fees).

## Abroad
Withdrawing cash abroad costs 1.5 % of the amount, at least 3 euros.
"""
BRANCHES = """# Branches
## Opening hours
Our branches are open from Monday to Friday between nine and five. On Sundays they are closed.
"""
QUESTIONS = """Q: How do I activate my card?
A: Open the app, choose Cards and tap Activate.

Q: Was kostet die Karte?
A: Die Karte kostet nichts.
"""
DOCUMENTS = {"fees.md": FEES, "hours/branches.md": BRANCHES, "faq.txt": QUESTIONS}
ASK = "search and reply"
SEARCHING: dict[str, Any] = {
    "flows": {
        "pattern_search": {"description": "s", "steps": [{"action": "action_trigger_search"}]}
    },
    "config": {"policies": [{"name": "FlowPolicy"}, {"name": "EnterpriseSearchPolicy"}]},
}


def generating(**policy: Any) -> dict[str, Any]:
    group = {"llm": {"model_group": "group"}}
    policies = [{"name": "EnterpriseSearchPolicy", **group, **policy}]
    return {**SEARCHING, "config": {"policies": policies}}


@pytest.mark.parametrize(
    ("question", "answer", "source"),
    [
        ("what are your opening hours?", "Our branches are open", "Branches › Opening hours"),
        ("do you open on sundays", "Our branches are open", "hours/branches.md"),
        ("fee for cash abroad", "Withdrawing cash abroad", "(fees.md: Fees › Abroad)"),
        ("what is the monthly fee of a current account", "otherwise it is 4.90 euros", "fees.md"),
        ("how can I activate the card", "Open the app, choose Cards", "How do I activate my card?"),
        ("when are the bramches open", "Our branches are open", "hours/branches.md"),
        ("Was kosten Karten", "Die Karte kostet nichts.", "faq.txt"),
    ],
)
async def test_a_passage_is_quoted_with_its_source(question: str, answer: str, source: str) -> None:
    async with talking(ASK, changes=SEARCHING, documents=DOCUMENTS) as (talk, _):
        await talk.bot.snapshot("ana", start_session=True)
        await talk.say(question)
        assert answer.casefold() in talk.said[0].casefold()
        assert source in talk.said[0]
        assert "https://" not in talk.said[0]


async def test_the_events_of_an_answer() -> None:
    async with talking(ASK, changes=SEARCHING, documents=DOCUMENTS) as (talk, _):
        await talk.say("are you open on sundays?")
        told = [
            event.get("name") or event["event"]
            for event in talk.events
            if event["event"] in ("action", "bot")
        ]
        start = told.index("action_trigger_search")
        assert told[start : start + 3] == ["action_trigger_search", "action_send_text", "bot"]
        bot = next(event for event in talk.events if event["event"] == "bot")
        assert bot["metadata"]["utter_source"] == "EnterpriseSearchPolicy"
        assert bot["metadata"]["search_query"] == "are you open on sundays?"
        assert bot["metadata"]["active_flow"] == "pattern_search"
        found = bot["metadata"]["search_results"][0]
        assert found["metadata"]["source"] == "hours/branches.md"
        stack = (await talk.bot.snapshot("ana"))["stack"]
        assert [frame["type"] for frame in stack] == [
            "pattern_completed",
            "pattern_collect_information",
        ]


@pytest.mark.parametrize("question", ["who won the world cup", "?!", "the of and"])
async def test_nothing_fits(question: str) -> None:
    async with talking(ASK, changes=SEARCHING, documents=DOCUMENTS) as (talk, _):
        await talk.say(question)
        assert talk.said[0] == "I have found no answer to that."


async def test_a_question_goes_on_from_the_one_before() -> None:
    async with talking(ASK, changes=SEARCHING, documents=DOCUMENTS) as (talk, _):
        await talk.say("opening hours of branches on mondays, please")
        await talk.say("and at weekends?")
        assert "Our branches are open" in talk.said[0]


async def test_a_question_about_something_else_is_not_answered_by_the_one_before() -> None:
    async with talking(ASK, changes=SEARCHING, documents=DOCUMENTS) as (talk, _):
        await talk.say("opening hours of branches on mondays, please")
        await talk.say("is it going to rain in Lisbon tomorrow?")
        assert talk.said[0] == "I have found no answer to that."


async def test_an_open_question_is_asked_again_after_an_answer() -> None:
    async with talking("start flow order_tea", ASK, changes=SEARCHING, documents=DOCUMENTS) as (
        talk,
        _,
    ):
        await talk.say("tea")
        await talk.say("opening hours?")
        assert "Our branches are open" in talk.said[0]
        assert "order tea" in talk.said[1], "go on with it?"


async def test_a_model_puts_it_in_words() -> None:
    async with talking(
        ASK, "They are closed on Sundays.", changes=generating(), documents=DOCUMENTS
    ) as (talk, chat):
        await talk.say("are you open on sundays?")
        assert talk.said[0] == "They are closed on Sundays.\n(hours/branches.md)"
        assert "Our branches are open from Monday to Friday" in chat.prompts[1]
        assert "USER: are you open on sundays?" in chat.prompts[1]
        bot = next(event for event in talk.events if event["event"] == "bot")
        assert bot["metadata"]["model"] == "small-one"
        assert bot["metadata"]["usage"]["completion_tokens"] == 7


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [("[NO_ANSWER]", "I have found no answer to that."), (hang, "Our branches are open")],
)
async def test_a_model_without_an_answer(
    behaviour: Behaviour, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(ASK, behaviour, changes=generating(), documents=DOCUMENTS, patience=0.5) as (
        talk,
        _,
    ):
        await talk.say("are you open on sundays?")
        assert said in talk.said[0]
        bot = next(event for event in talk.events if event["event"] == "bot")
        late = "did not answer in 0.5 s"
        assert (late in bot["metadata"].get("note", "")) is (behaviour is hang)
        assert (late in caplog.text) is (behaviour is hang)


async def test_the_project_has_its_own_prompt() -> None:
    prompt = (
        "{% for doc in docs %}{{ doc.metadata.source }}: {{ doc.text }}{% endfor %}"
        "{% for slot in slots %}{% if slot.name == 'language' %}{{ slot.value }}{% endif %}"
        "{% endfor %}|{{ citation_enabled }}"
    )
    changes = generating(prompt_template="prompts/search.jinja2", citation_enabled=True)
    async with talking(
        ASK,
        "Closed. Sources: [1]",
        changes=changes,
        documents=DOCUMENTS,
        prompts={"prompts/search.jinja2": prompt},
    ) as (talk, chat):
        await talk.say("are you open on sundays?")
        assert talk.said[0] == "Closed. Sources: [1]"
        assert chat.prompts[1].startswith("hours/branches.md: Our branches are open")
        assert chat.prompts[1].endswith("en|True")


async def test_a_policy_may_quote_only() -> None:
    changes = generating(use_generative_llm=False)
    async with talking(ASK, changes=changes, documents=DOCUMENTS) as (talk, chat):
        await talk.say("are you open on sundays?")
        assert "Our branches are open" in talk.said[0]
        assert len(chat.requests) == 1


# -- training ------------------------------------------------------------------------------------

FLOWS = """
flows:
  order_tea: {description: order a tea, steps: [{action: utter_x}]}
  pattern_search: {description: s, steps: [{action: action_trigger_search}]}
"""


def train(folder: Path, config: str, flows: str = FLOWS) -> Path:
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "flows.yml").write_text(flows)
    (folder / "domain.yml").write_text("responses: {utter_x: [{text: x}]}\n")
    (folder / "config.yml").write_text(f"language: en\n{config}")
    names = ("data", "domain", "config", "endpoints")
    suffixes = {"data": ""}
    files = [(f"--{name}", str(folder / f"{name}{suffixes.get(name, '.yml')}")) for name in names]
    out = folder / "models"
    assert main(["train", *(part for pair in files for part in pair), "--out", str(out)]) == 0
    return out


async def test_documents_are_packed_with_the_model(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("The password is swordfish.")
    project = tmp_path / "project"
    (project / "knowledge" / "deep").mkdir(parents=True)
    (project / "knowledge" / "deep" / "branches.md").write_text(BRANCHES)
    (project / "knowledge" / "latin.txt").write_bytes("Gebühr".encode("latin-1"))
    (project / "knowledge" / "picture.png").write_bytes(b"\x89PNG")
    (project / "knowledge" / "link.md").symlink_to(secret)
    model = train(
        project,
        "policies: [{name: EnterpriseSearchPolicy, vector_store: {source: ./knowledge}}]\n",
    )
    bot = load_bot(model, endpoints={}, environment={}, publish=False)
    assert bot.search is not None
    [hit] = await bot.search.find("opening hours")
    assert hit.passage.source == "deep/branches.md"
    assert bot.search.is_about("are the branches open on sundays") == 1.0
    assert bot.search.is_about("what is the password") == 0.0
    assert any("'latin.txt' cannot be read" in warning for warning in bot.assistant.warnings)
    await bot.close()


async def test_without_a_language_model_a_question_finds_the_documents(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "branches.md").write_text(BRANCHES)
    model = train(tmp_path, "policies: [{name: EnterpriseSearchPolicy}]\n")
    bot = load_bot(model, endpoints={}, environment={}, publish=False)
    heard = Outbox()
    for text in ("what are your opening hours?", "I would like to order a tea", "who are you?"):
        await bot.handle("ana", UserMessage(text, "rest"), heard)
    await bot.close()
    answers = [text for text in heard.texts if "branches" in text]
    assert answers == [heard.texts[0]]
    assert answers[0].startswith("Our branches are open")
    assert "x" in heard.texts


class Outbox:
    def __init__(self) -> None:
        self.texts: list[str] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self.texts.append(event["text"])


@pytest.mark.parametrize(
    ("config", "flows", "warning"),
    [
        ("", FLOWS, "there are no documents"),
        (
            "policies: [{name: EnterpriseSearchPolicy, vector_store: {source: ../..}}]\n",
            FLOWS,
            "lie outside the project",
        ),
        (
            "policies: [{name: EnterpriseSearchPolicy, vector_store: {type: qdrant}}]\n",
            FLOWS,
            "'qdrant' is not asked",
        ),
        (
            "policies: [{name: EnterpriseSearchPolicy}]\n",
            FLOWS.replace("action_trigger_search", "utter_x"),
            "no flow runs action_trigger_search",
        ),
    ],
)
async def test_training_says_what_search_lacks(
    config: str, flows: str, warning: str, tmp_path: Path
) -> None:
    bot = load_bot(train(tmp_path, config, flows), endpoints={}, environment={}, publish=False)
    assert any(warning in told for told in bot.assistant.warnings)
    assert bot.search is None
    await bot.close()


@given(st.text(alphabet="QA:# .\n\r*[]()ab`", max_size=2000), st.sampled_from(["a.md", "a.txt"]))
def test_any_document_can_be_cut(text: str, source: str) -> None:
    passages = list(passages_of(source, text))
    assert all(passage.text.strip() for passage in passages)
    assert all(len(passage.text) <= 1100 or "Q:" in text for passage in passages)
    index = PassageIndex(pack(passages), frozenset())
    for hit in index.search(text, 3):
        assert 0 < hit.coverage <= 1


def test_nothing_of_a_document_is_lost() -> None:
    sentences = [f"Sentence number {n} tells something of its own." for n in range(200)]
    text = "# Title\n" + " ".join(sentences) + "\n\n" + "w" * 3000
    together = " ".join(passage.text for passage in passages_of("a.md", text))
    assert all(sentence in together for sentence in sentences)
    assert together.count("w" * 400) >= 5


QUESTION_FLOWS = """
flows:
  replace_card: {description: Replace a card, steps: [{action: utter_x}]}
  check_balance: {description: Show the balance of an account, steps: [{action: utter_x}]}
  pattern_search: {description: s, steps: [{action: action_trigger_search}]}
"""


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("what does a card weigh?", "knowledge"),
        ("who founded this company?", "knowledge"),
        ("why is the sky blue?", "knowledge"),
        ("what is the balance of my account?", "start flow"),
        ("how do I replace my card?", "start flow"),
        ("replace my card", "start flow"),
        ("colourless ideas sleep furiously", "cannot handle"),
    ],
)
async def test_a_question_that_no_flow_is_for_is_one_of_knowledge(
    text: str, command: str, tmp_path: Path
) -> None:
    """Also where the documents have nothing to say."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "branches.md").write_text(BRANCHES)
    model = train(tmp_path, "policies: [{name: EnterpriseSearchPolicy}]\n", QUESTION_FLOWS)
    bot = load_bot(model, endpoints={}, environment={}, publish=False)
    await bot.handle("ana", UserMessage(text, "rest"), Outbox())
    commands = (await bot.snapshot("ana"))["latest_message"]["commands"]
    assert [each["command"] for each in commands] == [command]
    await bot.close()
