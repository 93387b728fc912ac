"""Everyday talk starts the flow that is there for it, with or without example sentences."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from modelservice.calm.channels.bot import Bot, load_bot
from modelservice.calm.command_line import main
from modelservice.calm.dialogue.events import Event
from modelservice.calm.turns.turn import UserMessage

CARD = {"block_card": "Block a lost or stolen card"}
ENGLISH = {
    "greet": "Greet the user and offer help",
    "goodbye": "Say goodbye to the user",
    "help": "Explain what the assistant can do",
    "thank_you": "The user says thanks",
    "bot_challenge": "The user asks whether they are talking to a bot or a human",
}
# The ids say nothing; what the flows are there for is in their descriptions.
DESCRIBED = {
    "f1": "Start the conversation when users greet (hello, hi, hey)",
    "f2": "Farewell at the end of the conversation",
    "f3": "Tells customers what the bot can do for them",
    "f4": "Answer to gratitude",
    "f5": "Customers want to know if they are speaking to a human",
}
SPANISH = {
    "saludo": "Saluda al usuario",
    "despedida": "Se despide del usuario",
    "ayuda": "Explica lo que el asistente puede hacer",
    "agradecimiento": "El usuario da las gracias",
    "quien_eres": "El usuario pregunta si habla con un bot o un humano",
}
GERMAN = {
    "begruessung": "Den Benutzer begrüßen",
    "abschied": "Den Benutzer verabschieden",
    "hilfe": "Erklärt, was der Assistent kann",
    "dank": "Der Benutzer bedankt sich",
    "bot_frage": "Der Benutzer will wissen, ob er mit einem Bot spricht: Mensch oder Maschine",
}
FRENCH = {
    "salutation": "Saluer l'utilisateur",
    "fin": "Dire au revoir à l'utilisateur",
    "aide": "Explique ce que l'assistant peut faire",
    "remerciement": "L'utilisateur dit merci",
    "robot": "L'utilisateur demande s'il parle à un robot",
}
CROATIAN = {
    "pozdrav": "Pozdravi korisnika",
    "odlazak": "Oprosti se od korisnika",
    "pomoc": "Objasni što asistent može",
    "zahvala": "Korisnik zahvaljuje",
    "jesi_li_bot": "Korisnik pita je li bot ili čovjek",
}
# What the user says for the first to the fifth flow of each list.
SAID = {
    "en": [
        ["hello", "hi", "Good morning!", "hey there", "hello, how are you?"],
        ["bye", "see you later", "good night", "Bye, have a nice day"],
        ["help", "what can you do?", "I need help", "hi, what can you do for me?"],
        ["thanks", "thank you so much", "Thanks, much appreciated."],
        ["are you a bot?", "am I talking to a human?", "Hey, are you a real person?"],
    ],
    "es": [["hola", "Buenas tardes"], ["adiós", "hasta luego"], ["ayuda", "¿Qué puedes hacer?"],
           ["muchas gracias"], ["¿Eres un robot?"]],
    "de": [["Hallo!", "Guten Morgen"], ["Tschüss", "Auf Wiedersehen"], ["Hilfe", "Was kannst du?"],
           ["vielen Dank"], ["Bist du ein Mensch?"]],
    "fr": [["Bonjour", "salut"], ["au revoir"], ["aide", "Que peux-tu faire ?"],
           ["merci beaucoup"], ["Es-tu un robot ?"]],
    "hr": [["dobar dan", "Bok!"], ["doviđenja"], ["pomoć", "Što možeš?"],
           ["hvala lijepa"], ["Jesi li čovjek?"]],
}  # fmt: skip
EXAMPLES = {
    "greet": ["hello there friend", "good day to you"],
    "block_card": ["my card was stolen", "I lost my card", "freeze my card"],
}


def write_project(
    folder: Path,
    flows: Mapping[str, str],
    *,
    language: str = "en",
    examples: Mapping[str, list[str]] | None = None,
) -> None:
    examples = examples or {}
    bodies: dict[str, Any] = {}
    for name, description in flows.items():
        bodies[name] = {"description": description, "steps": [{"action": f"utter_{name}"}]}
        if name in examples:
            bodies[name]["nlu_trigger"] = [{"intent": name}]
    responses = {f"utter_{name}": [{"text": name}] for name in flows}
    responses["utter_free_chitchat_response"] = [{"text": "CHITCHAT"}]
    config = {
        "recipe": "default.v1",
        "language": language,
        "assistant_id": "case",
        "pipeline": [{"name": "CompactLLMCommandGenerator"}],
        "policies": [{"name": "FlowPolicy"}],
    }
    nlu = [
        {"intent": name, "examples": "".join(f"- {text}\n" for text in texts)}
        for name, texts in examples.items()
    ]
    files = {
        "config.yml": config,
        "domain.yml": {"version": "3.1", "intents": list(examples), "responses": responses},
        "data/flows.yml": {"flows": bodies},
        "data/nlu.yml": {"version": "3.1", "nlu": nlu},
    }
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        (folder / path).write_text(text, encoding="utf-8")


def trained(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Bot:
    monkeypatch.chdir(folder)
    assert main(["train"]) == 0
    return load_bot(folder / "models", endpoints=None, environment={})


class Answers:
    def __init__(self) -> None:
        self.texts: list[str] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self.texts.append(str(event["text"]))


async def answer(bot: Bot, text: str) -> str:
    channel = Answers()
    await bot.handle(text, UserMessage(text, "rest"), channel)
    return channel.texts[0]


@pytest.mark.parametrize(
    ("language", "flows", "examples"),
    [
        ("en", ENGLISH, None),
        ("en", ENGLISH, EXAMPLES),
        ("en", DESCRIBED, None),
        ("es", SPANISH, None),
        ("de", GERMAN, None),
        ("fr", FRENCH, None),
        ("hr", CROATIAN, None),
        ("de", ENGLISH, None),
    ],
    ids=["en", "en with examples", "described", "es", "de", "fr", "hr", "en flows in German"],
)
async def test_everyday_talk_starts_its_flow(
    language: str,
    flows: dict[str, str],
    examples: dict[str, list[str]] | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_project(tmp_path, flows | CARD, language=language, examples=examples)
    bot = trained(tmp_path, monkeypatch)
    found = {
        text: await answer(bot, text)
        for texts in SAID[language]
        for text in texts
    }  # fmt: skip
    wanted = {
        text: flow for flow, texts in zip(flows, SAID[language], strict=True) for text in texts
    }
    assert found == wanted


async def test_small_talk_answers_where_no_such_flow_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a flow that helps with something is no call for help."""
    others = {
        "welcome_package": "Send the welcome package to a new customer",
        "help_with_invoice": "Help the user to understand an invoice",
    }
    write_project(tmp_path, CARD | others)
    bot = trained(tmp_path, monkeypatch)
    for text in ("hello", "thanks", "bye", "help", "are you a bot?"):
        assert await answer(bot, text) not in {*CARD, *others}, text


async def test_what_else_is_said_beside_a_greeting_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(tmp_path, ENGLISH | CARD)
    bot = trained(tmp_path, monkeypatch)
    for text in (
        "hello, please block my stolen card",
        "Hi! My card is lost.",
        "help me block my card",
    ):
        assert await answer(bot, text) == "block_card", text
