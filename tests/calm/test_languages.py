"""The word lists of the offline generator: what each language says, by table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.calm.content.yaml_text import load_yaml
from modelservice.calm.understanding import language as language_module
from modelservice.calm.understanding.acts import is_act, without_correction, yes_or_no
from modelservice.calm.understanding.text import folded
from tests.calm.languages import CODES, TOGETHER, both

# Lists that one language needs and another does not.
OF_ONE_LANGUAGE = {
    "phrases": {"article", "number_joint"},
    "dates": {"not_behind"},
    "times": {"fractions"},
}
GROUPED = (
    "phrases", "yes_or_no", "dates", "times", "kinds", "sides", "markers", "actions", "related",
)  # fmt: skip


def content(code: str) -> dict[str, Any]:
    file = Path(language_module.__file__).parent / "words" / f"{code}.yml"
    found: dict[str, Any] = load_yaml(file.read_text(encoding="utf-8"), file=file.name)
    return found


# -- the files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [code for code in CODES if code != "en"])
def test_every_file_is_built_like_the_english_one(code: str) -> None:
    english, own = content("en"), content(code)
    assert list(own) == list(english)
    for section in GROUPED:
        optional = OF_ONE_LANGUAGE.get(section, set())
        assert set(own[section]) - optional <= set(english[section])
        if section != "related":
            assert set(english[section]) - optional <= set(own[section])


@pytest.mark.parametrize("code", CODES)
def test_every_word_is_text(code: str) -> None:
    """YAML makes a truth value of `no` and `on` without quotes."""
    own = content(code)
    lists = [
        own["stop_words"],
        *(own[section][name] for section in GROUPED for name in own[section]),
    ]
    assert [word for words in lists for word in words if not isinstance(word, str)] == []
    assert all(isinstance(word, str) for word in [*own["numbers"], *own["multipliers"]])


# -- what a message does -----------------------------------------------------------------------

YES = {
    "en": ["yes please", "sure, go ahead", "that sounds good"],
    "de": ["ja, gerne", "passt", "das stimmt so", "na klar", "machen Sie das bitte"],
    "es": ["sí", "Si, por favor", "claro que sí", "vale", "así es", "por supuesto", "hágalo",
           "hazlo", "me parece bien", "está bien, adelante", "de acuerdo"],
    "fr": ["oui", "Oui, allez-y", "bien sûr", "d'accord", "c’est ça", "ça marche", "vas-y",
           "pas de problème", "pourquoi pas", "je confirme", "oui s'il vous plaît"],
}  # fmt: skip
NO = {
    "en": ["no thanks", "not really", "that's all"],
    "de": ["nein danke", "lieber nicht", "das stimmt nicht", "auf keinen Fall", "jetzt nicht"],
    "es": ["no", "no, gracias", "claro que no", "mejor no", "para nada", "no es correcto",
           "todavía no", "eso es todo", "ya no", "no está bien"],
    "fr": ["non", "non merci", "pas du tout", "bien sûr que non", "ce n'est pas ça",
           "certainement pas", "c'est faux", "pas maintenant", "c'est tout", "surtout pas"],
}  # fmt: skip
NEITHER = {
    "en": ["Lena", "maybe tomorrow"],
    "de": ["an Lena", "morgen vielleicht"],
    "es": ["Lucía", "quizá mañana", "a mi hermana"],
    "fr": ["Hélène", "peut-être demain", "à ma sœur"],
}


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(code, text) for code, texts in table.items() for text in texts]


@pytest.mark.parametrize(("code", "text"), cases(YES))
def test_yes(code: str, text: str) -> None:
    assert [yes_or_no(text, words) for words in both(code)] == [True, True]


@pytest.mark.parametrize(("code", "text"), cases(NO))
def test_no(code: str, text: str) -> None:
    assert [yes_or_no(text, words) for words in both(code)] == [False, False]


@pytest.mark.parametrize(("code", "text"), cases(NEITHER))
def test_neither_yes_nor_no(code: str, text: str) -> None:
    assert [yes_or_no(text, words) for words in both(code)] == [None, None]


@pytest.mark.parametrize(
    ("code", "act", "text"),
    [
        ("de", "cancel", "Vergiss es!"),
        ("de", "skip", "keine Angabe"),
        ("de", "repeat", "Was haben Sie gesagt?"),
        ("de", "greeting", "Guten Morgen"),
        ("de", "thanks", "Herzlichen Dank!"),
        ("de", "goodbye", "Auf Wiedersehen."),
        ("de", "cancel", "Ach, vergiss es bitte"),
        ("es", "cancel", "Bueno, olvídelo, por favor"),
        ("es", "repeat", "¿Puede repetir, por favor?"),
        ("fr", "cancel", "Annulez, s'il vous plaît. Merci"),
        ("es", "cancel", "Olvídelo."),
        ("es", "cancel", "he cambiado de opinión"),
        ("es", "skip", "siguiente pregunta"),
        ("es", "repeat", "¿Puede repetirlo?"),
        ("es", "greeting", "¡Buenas tardes!"),
        ("es", "thanks", "Muchas gracias"),
        ("es", "goodbye", "hasta luego"),
        ("fr", "cancel", "Laisse tomber"),
        ("fr", "cancel", "J’ai changé d’avis"),
        ("fr", "skip", "question suivante"),
        ("fr", "repeat", "Pouvez-vous répéter ?"),
        ("fr", "greeting", "Bonjour !"),
        ("fr", "thanks", "Merci beaucoup"),
        ("fr", "goodbye", "au revoir"),
    ],
)
def test_acts(code: str, act: str, text: str) -> None:
    assert [is_act(text, act, words) for words in both(code)] == [True, True]
    assert not any(is_act(f"{text} 5", act, words) for words in both(code))


@pytest.mark.parametrize(
    ("text", "act"),
    [("olvidalo", "cancel"), ("Olvídalo", "cancel"), ("adios", "goodbye"), ("repetez", "repeat"),
     ("pouvez-vous repeter", "repeat"), ("tschuss", "goodbye"), ("buenos dias", "greeting")],
)  # fmt: skip
def test_accents_may_be_left_out(text: str, act: str) -> None:
    assert is_act(text, act, TOGETHER)


@settings(deadline=None)
@given(st.text())
def test_letters_without_accents_keep_their_places(text: str) -> None:
    assert len(folded(text)) == len(text)


@pytest.mark.parametrize(
    ("code", "text", "rest"),
    [
        ("de", "nein, an Jonas", "an Jonas"),
        ("de", "ich meinte 500", "500"),
        ("de", "nein danke", None),
        ("es", "no, a Jonas", "a Jonas"),
        ("es", "perdón, quería decir 500", "500"),
        ("es", "mejor el viernes", "el viernes"),
        ("es", "no, gracias", None),
        ("fr", "non, Jonas", "Jonas"),
        ("fr", "pardon, je voulais dire 500", "500"),
        ("fr", "plutôt vendredi", "vendredi"),
        ("fr", "non, merci", None),
        ("fr", "excusez-moi, à Jonas", "à Jonas"),
        ("fr", "desole, jeudi", "jeudi"),
    ],
)
def test_corrections(code: str, text: str, rest: str | None) -> None:
    assert [without_correction(text, words) for words in both(code)] == [rest, rest]
