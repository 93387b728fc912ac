"""The word lists of the offline generator: the values that each language says, by table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.calm.channels.bot import load_bot
from modelservice.calm.command_line import main
from modelservice.calm.content.domain import read_slot
from modelservice.calm.dialogue.events import Event
from modelservice.calm.turns.turn import UserMessage
from modelservice.calm.understanding.answers import answer_text
from modelservice.calm.understanding.language import phrases_in
from modelservice.calm.understanding.names import names_in
from modelservice.calm.understanding.numbers import number_in
from modelservice.calm.understanding.slot_profiles import profile_of
from modelservice.calm.understanding.spans import DATE, MONEY, NUMBER, TIME
from modelservice.calm.understanding.text import stems
from modelservice.calm.understanding.value_names import value_named, value_names
from tests.calm.languages import ALONE, CODES, FINDER, TOGETHER, both


@pytest.mark.parametrize(
    ("code", "text", "number"),
    [
        ("de", "dreißig", 30),
        ("de", "dreissig", 30),
        ("de", "funfzig", 50),
        ("es", "dieciseis", 16),
        ("de", "einundzwanzig", 21),
        ("de", "neunundneunzig", 99),
        ("de", "dreihundert", 300),
        ("de", "zweitausend fünfhundert", 2500),
        ("es", "veintidós", 22),
        ("es", "treinta y cinco", 35),
        ("es", "noventa y nueve", 99),
        ("es", "ciento veinte", 120),
        ("es", "dos mil quinientos", 2500),
        ("es", "quinientas", 500),
        ("fr", "vingt et un", 21),
        ("fr", "trente-cinq", 35),
        ("fr", "soixante et onze", 71),
        ("fr", "soixante-dix-neuf", 79),
        ("fr", "quatre-vingts", 80),
        ("fr", "quatre-vingt-dix-sept", 97),
        ("fr", "cent quatre vingt douze", 192),
        ("fr", "20 mille", 20_000),
        ("es", "20 mil euros", 20_000),
        ("es", "2,5 millones", 2_500_000),
        ("en", "5k", 5000),
        ("en", "50 cents", 50),
        ("fr", "deux cent cinquante", 250),
        ("fr", "trois mille", 3000),
    ],
)
def test_spoken_numbers(code: str, text: str, number: float | None) -> None:
    assert [number_in(text, words) for words in both(code)] == [number, number]


SEPARATORS = {"en": (",", "."), "de": (".", ","), "es": (".", ","), "fr": (" ", ",")}


@settings(deadline=None)
@given(st.sampled_from(CODES), st.integers(0, 10**9), st.integers(0, 99))
def test_numbers_with_the_separators_of_a_language(code: str, whole: int, cents: int) -> None:
    thousands, decimal = SEPARATORS[code]
    written = f"{whole:,}".replace(",", thousands) + f"{decimal}{cents:02}"
    assert number_in(f"{written} €", ALONE[code]) == pytest.approx(whole + cents / 100)
    (amount,) = FINDER.find(f"x {written} €")
    assert amount.kind == MONEY
    assert number_in(amount.text, TOGETHER) == pytest.approx(whole + cents / 100)


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("am 3. März 2027", DATE, ["3. März 2027"]),
        ("am 3. um 10 Uhr", DATE, ["am 3."]),
        ("am 3.5. bitte", DATE, ["3.5."]),
        ("nächsten Freitag", DATE, ["nächsten Freitag"]),
        ("Guten Morgen, bis übermorgen", DATE, ["übermorgen"]),
        ("überweise 12.50 an Lena", DATE, []),
        ("el 3 de marzo de 2027", DATE, ["3 de marzo de 2027"]),
        ("el próximo viernes", DATE, ["próximo viernes"]),
        ("el viernes que viene", DATE, ["viernes que viene"]),
        ("mañana a las 9 de la mañana", DATE, ["mañana"]),
        ("pasado mañana", DATE, ["pasado mañana"]),
        ("nacido el 12/03/1990", DATE, ["12/03/1990"]),
        ("le 3 mars 2027", DATE, ["3 mars 2027"]),
        ("le 1er mai", DATE, ["1er mai"]),
        ("lundi prochain", DATE, ["lundi prochain"]),
        ("après-demain ou aujourd'hui", DATE, ["après-demain", "aujourd'hui"]),
        ("9 Uhr am Morgen", TIME, ["9 Uhr am Morgen"]),
        ("halb neun abends", TIME, ["halb neun abends"]),
        ("um 50 Euro", TIME, []),
        ("a las nueve y media de la tarde", TIME, ["a las nueve y media de la tarde"]),
        ("el viernes a las 18:30", TIME, ["a las 18:30"]),
        ("a mediodía", TIME, ["mediodía"]),
        ("el próximo miercoles", DATE, ["próximo miercoles"]),
        ("le 3 fevrier", DATE, ["3 fevrier"]),
        ("treinta y cinco", TIME, []),
        ("à 9h30", TIME, ["9h30"]),
        ("dix heures trente", TIME, ["dix heures trente"]),
        ("neuf heures et demie du matin", TIME, ["neuf heures et demie du matin"]),
        ("vers midi", TIME, ["midi"]),
        ("20 000 euros", MONEY, ["20 000 euros"]),
        ("20 mil euros", MONEY, ["20 mil euros"]),
        ("3.50 Euro", MONEY, ["3.50 Euro"]),
        ("una transferencia de cincuenta euros", MONEY, ["cincuenta euros"]),
        ("una persona", NUMBER, ["una"]),
        ("une réservation pour deux personnes", NUMBER, ["deux"]),
        ("vingt et un", NUMBER, ["vingt et un"]),
        ("eine Überweisung über fünfzig Euro", MONEY, ["fünfzig Euro"]),
        ("für eine Person", NUMBER, ["eine"]),
    ],
)
def test_spans(text: str, kind: str, found: list[str]) -> None:
    assert [span.text for span in FINDER.find(text) if span.kind == kind] == found


@pytest.mark.parametrize(
    ("code", "text", "answer"),
    [
        ("de", "ich heiße Jörg", "Jörg"),
        ("de", "an Lena bitte", "Lena"),
        ("es", "me llamo Lucía", "Lucía"),
        ("es", "a mi nombre es Íñigo, por favor", "Íñigo"),
        ("es", "a Sevilla, gracias", "Sevilla"),
        ("fr", "je m'appelle Hélène", "Hélène"),
        ("fr", "à Genève s'il vous plaît", "Genève"),
        ("fr", "je voudrais une pizza", "pizza"),
    ],
)
def test_answers_without_the_words_around(code: str, text: str, answer: str) -> None:
    assert [answer_text(text, words) for words in both(code)] == [answer, answer]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Girokonto", "current"),
        ("mein Sparkonto bitte", "savings"),
        ("la corriente", "current"),
        ("le compte courant", "current"),
        ("Cuenta de ahorro", "savings"),
        ("das Konto", None),
        ("corriente o ahorro", None),
    ],
)
def test_values_by_what_their_buttons_say(text: str, value: str | None) -> None:
    titles = {
        "current": ("Current account", "Girokonto", "Cuenta corriente", "Compte courant"),
        "savings": ("Savings account", "Sparkonto", "Cuenta de ahorro", "Compte épargne"),
    }
    buttons = [
        {
            "title": english,
            "payload": f"/SetSlots(account={name})",
            "translation": {"de": {"title": german}, "es": {"title": es}, "fr": {"title": fr}},
        }
        for name, (english, german, es, fr) in titles.items()
    ]
    names = value_names("account", [{"text": "Which?", "buttons": [*buttons, 7]}], TOGETHER)
    assert value_named(text, names, TOGETHER) == value


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Überweise 50 an Jörg", ["Jörg"]),
        ("Envía 50 a Lucía Ibáñez", ["Lucía Ibáñez"]),
        ("Transfiere dinero a María del Valle", ["María del Valle"]),
        ("Transfiere dinero a María de la Vega", ["María de la Vega"]),
        ("Hola, quiero ir a Sevilla", ["Sevilla"]),
        ("Envoyez 50 euros à Hélène", ["Hélène"]),
        ("Bonjour, un virement à Zoé", ["Zoé"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    def is_known(word: str) -> bool:
        return any((part,) in TOGETHER.related for part in stems(word))

    assert [span.text for span in names_in(text, TOGETHER, is_known)] == names


@pytest.mark.parametrize(
    ("code", "name", "description", "kind", "side"),
    [
        ("de", "abflugort", "Stadt, in der die Reise beginnt", "place", None),
        ("es", "fecha_de_salida", "", "date", "begin"),
        ("es", "ciudad_de_destino", "", "place", "end"),
        ("es", "telefono", "número de teléfono", "phone", None),
        ("es", "nombre", "el nombre del destinatario", "person", "end"),
        ("es", "nombre_del_evento", "", "thing", None),
        ("fr", "date_de_depart", "la date de départ", "date", "begin"),
        ("fr", "ville", "la ville de destination", "place", "end"),
        ("fr", "montant", "", "money", None),
        ("fr", "nom", "le nom du destinataire", "person", "end"),
    ],
)
def test_what_a_slot_asks_for(
    code: str, name: str, description: str, kind: str, side: str | None
) -> None:
    profile = profile_of(read_slot(name, {"type": "text"}), description, ALONE[code])
    assert (profile.kind, profile.side) == (kind, side)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("¿Dónde está la sucursal?", "find a branch"),
        ("cancelar mi reserva", "cancel booking"),
        ("he perdido la tarjeta", "lost card"),
        ("réserver un hôtel", "book a hotel"),
        ("où est mon colis", "track parcel"),
        ("je cherche un médecin", "find doctor"),
        ("virer de l'argent", "send money"),
        ("l’hôtel", "hotel"),
        ("d'assurance", "insurance"),
        ("Wo ist meine Lieferung", "track parcel"),
        ("einen Termin vereinbaren", "book appointment"),
        ("Bestellung stornieren", "cancel order"),
    ],
)
def test_related_words_of_languages_meet(text: str, english: str) -> None:
    assert _groups(text) & _groups(english)


def _groups(text: str) -> set[int]:
    related = TOGETHER.related
    return {group for _, said in phrases_in(stems(text), related) for group in related[said]}


async def test_a_language_without_words_is_understood_by_similarity(tmp_path: Path) -> None:
    (tmp_path / "flows.yml").write_text(ITALIAN_FLOWS, encoding="utf-8")
    (tmp_path / "domain.yml").write_text(ITALIAN_DOMAIN, encoding="utf-8")
    (tmp_path / "config.yml").write_text("language: it\nassistant_id: tè\n", encoding="utf-8")
    paths = ["--data", "flows.yml", "--domain", "domain.yml", "--config", "config.yml"]
    arguments = [item if item.startswith("--") else str(tmp_path / item) for item in paths]
    assert main(["train", *arguments, "--out", str(tmp_path)]) == 0
    bot = load_bot(tmp_path, endpoints={}, environment={})
    heard = Heard()
    for text in ("vorrei prenotare un tavolo", "quattro persone", "Bianchi"):
        await bot.handle("ana", UserMessage(text, "rest"), heard)
    assert heard.texts[:3] == ["Per quante persone?", "Con quale nome?", "Fatto, Bianchi."]


ITALIAN_FLOWS = """
flows:
  prenotare_tavolo:
    description: prenotare un tavolo al ristorante
    steps:
      - collect: persone
      - collect: nome
      - action: utter_fatto
  orari:
    description: dire quando il ristorante è aperto
    steps:
      - action: utter_orari
"""
ITALIAN_DOMAIN = """
slots:
  persone: {type: text, mappings: [{type: from_llm}]}
  nome: {type: text, mappings: [{type: from_llm}]}
responses:
  utter_ask_persone: [{text: "Per quante persone?"}]
  utter_ask_nome: [{text: "Con quale nome?"}]
  utter_fatto: [{text: "Fatto, {nome}."}]
  utter_orari: [{text: "Dalle nove."}]
"""


class Heard:
    def __init__(self) -> None:
        self.texts: list[str] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self.texts.append(event["text"])
