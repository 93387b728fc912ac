"""Translations over HTTP: what is to do, one text at a time, and out to a translator and back."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.test import APIClient

from studio.content.models import Item, ItemText
from tests.conftest import AsUser
from tests.studio.conftest import Import

PROJECT = {
    "config.yml": "language: en\nadditional_languages: [de, es, ar]\n",
    "data/flows.yml": """\
flows:
  block_card:
    name: Block a card
    description: block a card
    translation: {de: {name: Karte sperren}}
    steps:
      - action: utter_which
  pay:
    description: pay
    steps:
      - action: utter_paid
""",
    "domain.yml": """\
slots: {amount: {type: float}}
responses:
  # asked first
  utter_which:
    - text: "Which card?"  # short
      translation: {de: "Welche Karte?"}
      buttons:
        - {title: All, payload: /all, translation: {de: {title: Alle}}}
        - {title: None, payload: /none}
        - {title: Help, url: "https://example.org", translation: {es: {url: "https://es.org"}}}
  utter_paid:
    - text: "Paid {amount}."
    - text: "Done."
      translation: {es: Hecho.}
""",
}
MESSAGE = {"kind": "response", "item": "utter_which", "pointer": "/0/text"}


@pytest.fixture
def base(import_project: Import) -> str:
    files = {path: text.encode() for path, text in PROJECT.items()}
    return f"/api/v1/assistants/{import_project(files)['assistant']['id']}/"


class Texts:
    """The texts of one assistant, in one language."""

    def __init__(
        self, client: APIClient, base: str, language: str = "de", branch: str = ""
    ) -> None:
        self.client, self.base, self.language = client, base, language
        self.branch = {"branch": branch} if branch else {}

    def rows(self, **query: str) -> list[dict[str, Any]]:
        answer = self.client.get(
            f"{self.base}translations/", {"language": self.language, **self.branch, **query}
        )
        assert answer.status_code == 200, answer.json()
        assert answer.json()["count"] == len(answer.json()["results"])
        return list(answer.json()["results"])

    def states(self, **query: str) -> dict[str, str]:
        return {f"{row['item']}{row['pointer']}": row["state"] for row in self.rows(**query)}

    def row(self, item: str, pointer: str) -> dict[str, Any]:
        rows = self.rows()
        return next(row for row in rows if (row["item"], row["pointer"]) == (item, pointer))

    def write(self, text: str, item: str = "utter_which", pointer: str = "/0/text") -> Any:
        row = self.row(item, pointer)
        return self.send(row, text, row["revision"])

    def send(self, row: dict[str, Any], text: str, revision: int) -> Any:
        place = {name: row[name] for name in ("kind", "item", "pointer")}
        return self.client.patch(
            self.address("translations/"),
            {**place, "language": self.language, "text": text, "revision": revision},
            format="json",
        )

    def address(self, path: str) -> str:
        return f"{self.base}{path}" + (f"?branch={self.branch['branch']}" if self.branch else "")

    def reference(self, text: str, item: str = "utter_which") -> None:
        """Somebody writes another text on the page of responses."""
        address = self.address(f"responses/{item}/")
        stored = self.client.get(address).json()
        stored["body"][0]["text"] = text
        sent = {"body": stored["body"], "revision": stored["revision"]}
        assert self.client.put(address, sent, format="json").status_code == 200

    def counts(self) -> tuple[int, int, int]:
        rows = self.client.get(self.address("languages/")).json()["languages"]
        row = next(row for row in rows if row["code"] == self.language)
        assert sum(row["to_do"].values()) == row["missing"] + row["outdated"]
        return row["texts"], row["missing"], row["outdated"]

    def judge(self, *places: dict[str, str], outdated: bool = False) -> Any:
        return self.client.post(
            self.address("translations/judge/"),
            {"language": self.language, "outdated": outdated, "texts": places},
            format="json",
        )

    def exported(self, **query: str) -> bytes:
        answer = self.client.get(
            f"{self.base}translations/export/", {"language": self.language, **query}
        )
        assert answer.status_code == 200, answer.content
        return bytes(answer.content)

    def imported(self, content: bytes, **words: Any) -> Any:
        upload = SimpleUploadedFile("texts", content, "application/octet-stream")
        return self.client.post(
            self.address("translations/import/"), {"file": upload, **words}, format="multipart"
        )


@pytest.fixture
def german(api_client: APIClient, base: str) -> Texts:
    return Texts(api_client, base)


def test_every_text_with_its_state(german: Texts) -> None:
    assert german.states() == {
        "utter_paid/0/text": "missing",
        "utter_paid/1/text": "missing",
        "utter_which/0/text": "done",
        "utter_which/0/buttons/0/title": "done",
        "utter_which/0/buttons/1/title": "missing",
        "utter_which/0/buttons/2/title": "missing",
        "block_card/name": "done",
        "pay/name": "missing",
    }
    row = german.row("utter_paid", "/0/text")
    assert row["slots"] == ["amount"]
    assert row["flows"] == [{"id": "pay", "name": "pay"}]
    fields = {row["pointer"]: row["field"] for row in german.rows()}
    assert fields["/0/buttons/2/title"] == "link"
    assert german.counts() == (3, 5, 0)
    # The address of a link is a text where somebody gave it another one.
    spanish = Texts(german.client, german.base, "es")
    assert spanish.states(field="url") == {"utter_which/0/buttons/2/url": "done"}
    assert spanish.counts() == (1, 7, 0)


def test_what_is_asked_for(german: Texts) -> None:
    missing = {"utter_paid/0/text", "utter_paid/1/text", "pay/name"} | {
        f"utter_which/0/buttons/{index}/title" for index in (1, 2)
    }
    assert german.states(show="missing").keys() == missing
    assert german.states(show="todo").keys() == missing
    assert german.states(show="outdated") == {}
    around = german.states(show="todo", around="true", field="button")
    assert [*around] == [*german.states(search="utter_which")]
    assert german.states(flow="pay").keys() == {
        "utter_paid/0/text",
        "utter_paid/1/text",
        "pay/name",
    }
    assert german.states(search="welche KARTE").keys() == {"utter_which/0/text"}
    for language, said in (("en", "default language"), ("fr", "add it first")):
        answer = german.client.get(f"{german.base}translations/", {"language": language})
        assert answer.status_code == 400
        assert said in answer.json()["detail"]


def test_one_text_is_written_and_taken_away(german: Texts) -> None:
    before = german.client.get(f"{german.base}responses/utter_which/").json()["body"]
    row = german.write("Keine", pointer="/0/buttons/1/title").json()
    assert (row["text"], row["state"]) == ("Keine", "done")
    assert german.counts() == (4, 4, 0)
    commits = german.client.get(f"{german.base}commits/").json()["results"]
    assert german.write("Keine davon", pointer="/0/buttons/1/title").status_code == 200
    # Autosaves of one item are one entry of the history.
    assert len(german.client.get(f"{german.base}commits/").json()["results"]) == len(commits)
    assert german.write("", pointer="/0/buttons/1/title").json()["state"] == "missing"
    assert german.client.get(f"{german.base}responses/utter_which/").json()["body"] == before
    assert german.write("Zahlen", "pay", "/name").json()["state"] == "done"
    flow = german.client.get(f"{german.base}flows/pay/").json()["body"]
    assert flow["translation"] == {"de": {"name": "Zahlen"}}


def test_a_lost_race(german: Texts) -> None:
    row = german.row("utter_which", "/0/text")
    button = german.row("utter_which", "/0/buttons/1/title")
    assert german.send(row, "Karte?", row["revision"]).status_code == 200
    # Another text of the same item is merged in.
    assert german.send(button, "Keine", button["revision"]).status_code == 200
    answer = german.send(row, "Welche?", row["revision"])
    assert (answer.status_code, answer.json()["code"]) == (409, "revision_conflict")
    [conflict] = answer.json()["conflicts"]
    assert conflict["pointer"] == [0, "translation", "de"]
    assert (conflict["mine"], conflict["theirs"]) == ("Welche?", "Karte?")


@pytest.mark.parametrize(
    ("place", "status", "said"),
    [
        ({"pointer": "/9/text"}, 404, "no text"),
        ({"pointer": "/0/buttons/0/payload"}, 404, "no text"),
        ({"item": "utter_gone"}, 404, "utter_gone"),
        ({"kind": "slot"}, 400, "kind"),
        ({"pointer": "text"}, 400, "pointer"),
        ({"language": "en"}, 400, "default language"),
        ({"language": "it"}, 400, "add it first"),
    ],
)
def test_what_cannot_be_translated(
    german: Texts, place: dict[str, str], status: int, said: str
) -> None:
    answer = german.client.patch(
        f"{german.base}translations/",
        {**MESSAGE, "language": "de", "text": "x", "revision": 1, **place},
        format="json",
    )
    assert answer.status_code == status
    assert said in str(answer.json())


def test_a_changed_text_makes_its_translations_outdated(german: Texts) -> None:
    german.reference("Which card should I block?")
    row = german.row("utter_which", "/0/text")
    assert (row["state"], row["text"]) == ("outdated", "Welche Karte?")
    assert row["outdated"]["before"] == "Which card?"
    assert row["outdated"]["by"]["name"]
    assert german.counts() == (3, 5, 1)
    assert [*german.states(show="outdated")] == ["utter_which/0/text"]
    # Buttons were not touched, and undo makes it right again.
    german.reference("Which card?")
    assert german.counts() == (3, 5, 0)
    german.reference("Which card should I block?")
    assert german.counts() == (3, 5, 1)
    # Any edit is made for the text that is there.
    assert german.write("Welche Karte soll ich sperren?").json()["state"] == "done"
    assert german.counts() == (3, 5, 0)


def test_still_right_is_said_of_one_or_many(german: Texts) -> None:
    german.reference("Which card, please?")
    commits = german.client.get(f"{german.base}commits/").json()
    answer = german.judge(MESSAGE)
    assert [row["state"] for row in answer.json()["texts"]] == ["done"]
    assert german.client.get(f"{german.base}commits/").json() == commits
    assert german.judge(MESSAGE, outdated=True).json()["texts"][0]["state"] == "outdated"
    assert german.counts() == (3, 5, 1)
    assert german.judge(MESSAGE).status_code == 200
    missing = {**MESSAGE, "pointer": "/0/buttons/1/title"}
    answer = german.judge(MESSAGE, missing, outdated=True)
    assert answer.status_code == 404
    assert german.counts() == (3, 5, 0)


def test_outdated_survives_names_branches_and_merges(german: Texts, api_client: APIClient) -> None:
    base = german.base
    api_client.post(f"{base}branches/", {"name": "summer"}, format="json")
    summer = Texts(api_client, base, branch="summer")
    assert summer.counts() == (3, 5, 0)
    summer.reference("Which card do you mean?")
    assert (summer.counts(), german.counts()) == ((3, 5, 1), (3, 5, 0))
    merge = {"into": "main"}
    answer = api_client.post(f"{base}branches/summer/merge/", merge, format="json")
    assert answer.status_code == 200, answer.json()
    assert german.counts() == (3, 5, 1)
    revision = german.row("utter_which", "/0/text")["revision"]
    renamed = {"id": "utter_which_card", "revision": revision}
    answer = api_client.post(f"{base}responses/utter_which/rename/", renamed, format="json")
    assert answer.status_code == 200, answer.json()
    row = german.row("utter_which_card", "/0/text")
    assert row["outdated"]["before"] == "Which card?"
    # Said of the pair, it is said everywhere.
    german.judge({**MESSAGE, "item": "utter_which_card"})
    assert (summer.counts(), german.counts()) == ((3, 5, 0), (3, 5, 0))


def test_a_text_changed_here_and_its_translation_there(
    german: Texts, api_client: APIClient
) -> None:
    """Nobody has seen the two together."""
    base = german.base
    api_client.post(f"{base}branches/", {"name": "words"}, format="json")
    words = Texts(api_client, base, branch="words")
    assert words.write("Welche Karte, bitte?").status_code == 200
    german.reference("Which card should I block?")
    answer = api_client.post(f"{base}branches/words/merge/", {"into": "main"}, format="json")
    assert answer.status_code == 200, answer.json()
    row = german.row("utter_which", "/0/text")
    assert (row["state"], row["text"]) == ("outdated", "Welche Karte, bitte?")
    assert row["outdated"]["before"] == "Which card?"


def test_a_save_on_an_older_text_is_outdated(german: Texts) -> None:
    row = german.row("utter_which", "/0/text")
    german.reference("Which card should I block?")
    answer = german.send(row, "Welche Karte, bitte?", row["revision"])
    assert (answer.status_code, answer.json()["state"]) == (200, "outdated")


def test_an_import_of_the_project_and_its_restore(
    german: Texts, api_client: APIClient, import_project: Import
) -> None:
    from tests.project.example import zip_of

    head = api_client.get(f"{german.base}commits/").json()["results"][0]["number"]
    files = {
        path: text.replace('"Which card?"', '"Which one?"').encode()
        for path, text in PROJECT.items()
    }
    upload = SimpleUploadedFile("a.zip", zip_of(files), "application/zip")
    answer = api_client.post(
        f"{german.base}import/", {"file": upload, "mode": "replace"}, format="multipart"
    )
    assert answer.status_code == 200, answer.json()
    assert german.row("utter_which", "/0/text")["outdated"]["before"] == "Which card?"
    restored = api_client.post(f"{german.base}restore/", {"commit": head}, format="json")
    assert restored.status_code == 200, restored.json()
    assert german.counts() == (3, 5, 0)


def test_another_default_language_makes_nothing_outdated(german: Texts) -> None:
    assert german.client.post(f"{german.base}languages/de/default/").status_code == 200
    spanish = Texts(german.client, german.base, "es")
    assert spanish.counts() == (1, 7, 0)
    english = Texts(german.client, german.base, "en")
    assert english.counts()[2] == 0


@pytest.mark.parametrize("name", ["xliff", "csv"])
def test_out_to_a_translator_and_back(german: Texts, name: str) -> None:
    content = german.exported(format=name)
    same = german.imported(content, preview="true").json()
    assert (same["changes"], same["same"], same["gone"], same["commit"]) == ([], 8, [], None)
    edited = _translated(content, name)
    preview = german.imported(edited, preview="true").json()
    assert [(one["item"], one["before"], one["after"]) for one in preview["changes"]] == [
        ("utter_paid", "", "Bezahlt: {amount}."),
        ("utter_paid", "", "Fertig mit {amuont}."),
    ]
    assert preview["changes"][1]["unknown_slots"] == ["amuont"]
    assert german.counts() == (3, 5, 0)
    done = german.imported(
        edited, expected=preview["digest"], exceptions=[preview["changes"][1]["id"]]
    ).json()
    assert done["commit"]["message"] == "Translations to “de” imported"
    assert german.row("utter_paid", "/0/text")["text"] == "Bezahlt: {amount}."
    assert german.counts() == (4, 4, 0)
    # What was seen is not what there is any more.
    answer = german.imported(edited, expected=preview["digest"])
    assert (answer.status_code, answer.json()["code"]) == (409, "revision_conflict")


def _translated(content: bytes, name: str) -> bytes:
    if name == "csv":
        text = content.decode("utf-8-sig")
        for words, translated in (
            ("Paid {amount}.", "Bezahlt: {amount}."),
            ("Done.", "Fertig mit {amuont}."),
        ):
            text = text.replace(f'"{words}",""', f'"{words}","{translated}"')
        return text.encode()
    space = {"x": "urn:oasis:names:tc:xliff:document:1.2"}
    root = ET.fromstring(content)  # noqa: S314  what was exported just now
    for unit in root.iterfind(".//x:trans-unit", space):
        source, target = unit.find("x:source", space), unit.find("x:target", space)
        assert source is not None
        assert target is not None
        if "".join(source.itertext()) == "Paid {amount}.":
            target.text = "Bezahlt: "
            code = ET.SubElement(target, f"{{{space['x']}}}ph", {"id": "1"})
            code.tail = "."
        elif source.text == "Done.":
            target.text = "Fertig mit {amuont}."
    return ET.tostring(root)


def test_what_changed_here_since_the_export_is_marked(german: Texts) -> None:
    content = _translated(german.exported(), "xliff")
    german.reference("You paid {amount}.", "utter_paid")
    german.write("Erledigt", "utter_paid", "/1/text")
    preview = german.imported(content, preview="true").json()
    found = [(one["reference"], one["exported"], one["before"]) for one in preview["changes"]]
    assert found == [
        ("You paid {amount}.", "Paid {amount}.", ""),
        ("Done.", "Done.", "Erledigt"),
    ]
    assert all(one["changed_here"] for one in preview["changes"])
    assert german.imported(content).status_code == 200
    # The translator saw the older text.
    row = german.row("utter_paid", "/0/text")
    assert (row["state"], row["outdated"]["before"]) == ("outdated", "Paid {amount}.")


def test_a_translator_confirms_what_was_outdated(german: Texts) -> None:
    german.reference("Which card, please?")
    content = german.exported(show="outdated")
    assert b"Translated from: Which card?" in content
    assert german.imported(content, preview="true").json()["changes"] == []
    confirmed = content.replace(b"needs-review-translation", b"final")
    [change] = german.imported(confirmed, preview="true").json()["changes"]
    assert change["confirmed"]
    assert german.imported(confirmed).json()["commit"] is None
    assert german.counts() == (3, 5, 0)


def test_files_that_are_refused(german: Texts, import_project: Import) -> None:
    content = german.exported()
    other = import_project(name="Other")["assistant"]["id"]
    elsewhere = Texts(german.client, f"/api/v1/assistants/{other}/")
    cases = [
        (elsewhere.imported(content), 400, "another assistant (“Bank”)"),
        (
            german.imported(content.replace(b'target-language="de"', b'target-language="it"')),
            400,
            "add it",
        ),
        (
            german.imported(content.replace(b'source-language="en"', b'source-language="fr"')),
            400,
            "export",
        ),
        (
            german.imported(content.replace(b"response/utter_paid#", b"x/utter_paid#")),
            400,
            "not the id",
        ),
        (german.imported(content[:-20]), 400, "not XML"),
        (german.imported(b"a;b\n"), 400, "first row"),
        (german.imported(b" " * 20_000_001), 413, "20 MB"),
    ]
    for answer, status, said in cases:
        assert answer.status_code == status, answer.json()
        assert said in answer.json()["detail"]
    assert german.counts() == (3, 5, 0)


def test_the_file_names_what_it_holds(german: Texts) -> None:
    for name, suffix in (("xliff", "xlf"), ("csv", "csv")):
        answer = german.client.get(
            f"{german.base}translations/export/", {"language": "de", "format": name, "show": "todo"}
        )
        assert answer["Content-Disposition"] == f'attachment; filename="bank-de-todo.{suffix}"'


def test_who_may_only_look(german: Texts, as_user: AsUser) -> None:
    viewer = Texts(as_user("viewer", "Conversation Viewer"), german.base)
    assert viewer.counts() == (3, 5, 0)
    assert viewer.exported()
    assert viewer.write("x").status_code == 403
    assert viewer.judge(MESSAGE).status_code == 403
    assert viewer.imported(b"").status_code == 403


def test_the_texts_of_items_are_what_their_bodies_say(german: Texts, api_client: APIClient) -> None:
    """Also after an item was deleted and came back."""
    german.reference("Which card, please?")
    revision = german.row("utter_paid", "/0/text")["revision"]
    items = [{"kind": "response", "key": "utter_paid", "revision": revision}]
    before = german.states()
    api_client.put(
        f"{german.base}flows/pay/",
        {"body": {"description": "pay", "steps": [{"action": "action_a"}]}, "revision": 1},
        format="json",
    )
    answer = api_client.post(f"{german.base}delete/", {"items": items}, format="json")
    assert answer.status_code == 200, answer.json()
    assert not any(name.startswith("utter_paid") for name in german.states())
    api_client.post(f"{german.base}responses/utter_paid/restore/")
    assert german.states() == before
    kept = set(ItemText.objects.values_list("item", flat=True))
    assert kept <= set(Item.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_texts_of_items_that_were_there_before(german: Texts) -> None:
    before, counts = german.rows(), german.counts()
    summaries = dict(Item.objects.values_list("key", "summary"))
    executor = MigrationExecutor(connection)
    executor.migrate([("content", "0004_slot_relations")])
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert (german.rows(), german.counts()) == (before, counts)
    assert dict(Item.objects.values_list("key", "summary")) == summaries
