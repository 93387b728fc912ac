"""Languages of an assistant: added, removed, the default changed; what config.yml keeps."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from modelservice.project.config_text import languages_of, read_map
from modelservice.project.languages import response_spoken, with_languages
from modelservice.project.translatable import counts_of, translatable_of
from tests.conftest import AsUser
from tests.project.example import FILES
from tests.studio.conftest import Import

RESPONSES = """\
responses:
  utter_hello:
  - text: Hello  # said first
    translation:
      de: Hallo
    buttons:
    - title: "Yes"
      translation:
        de:
          title: Ja
          payload: /ja
  utter_bye:
  - text: Bye
"""
FLOWS = """\
flows:
  greet:
    description: Greets
    name: Greeting
    translation:
      de:
        name: Begrüßung
    steps:
    - action: utter_hello
"""
PROJECT = FILES | {
    "domain/responses.yml": RESPONSES.encode(),
    "data/flows/greet.yml": FLOWS.encode(),
}


@pytest.fixture
def base(import_project: Import) -> str:
    return f"/api/v1/assistants/{import_project(PROJECT)['assistant']['id']}/"


def add(client: APIClient, base: str, code: str) -> Any:
    return client.post(f"{base}languages/", {"code": code}, format="json")


def config(client: APIClient, base: str) -> str:
    return str(client.get(f"{base}config/").json()["text"])


def listed(client: APIClient, base: str) -> dict[str, tuple[str, int]]:
    rows = client.get(f"{base}languages/").json()["languages"]
    return {row["code"]: (row["place"], row["texts"]) for row in rows}


def commit_count(client: APIClient, base: str) -> int:
    return len(client.get(f"{base}commits/").json()["results"])


def test_languages_are_added_and_removed_inside_the_file(api_client: APIClient, base: str) -> None:
    original = config(api_client, base)
    assert listed(api_client, base) == {"en": ("default", 6), "de": ("unlisted", 3)}
    assert add(api_client, base, "de").status_code == 201
    assert add(api_client, base, "x-en-formal").status_code == 201
    more = "additional_languages:\n- de\n- x-en-formal\n"
    line = "language: en   # the first one\n"
    assert config(api_client, base) == original.replace(line, line + more)
    assert listed(api_client, base)["de"] == ("additional", 3)
    assistant = api_client.get(base).json()
    assert assistant["additional_languages"] == ["de", "x-en-formal"]
    for code in ("de", "x-en-formal"):
        assert api_client.delete(f"{base}languages/{code}/").status_code == 204
    assert config(api_client, base) == original
    # Nobody's words are lost.
    assert listed(api_client, base)["de"] == ("unlisted", 3)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("EN", "The assistant speaks “en” already."),
        ("no code", "letters and digits"),
        ("-de", "letters and digits"),
        ("", "blank"),
    ],
)
def test_what_is_no_new_language_is_refused(
    api_client: APIClient, base: str, code: str, said: str
) -> None:
    original = config(api_client, base)
    answer = add(api_client, base, code)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "code")
    assert said in answer.json()["errors"][0]["message"]
    assert config(api_client, base) == original


def test_another_default_takes_its_words_along(api_client: APIClient, base: str) -> None:
    add(api_client, base, "de")
    before = commit_count(api_client, base)
    answer = api_client.post(f"{base}languages/de/default/")
    rows = {row["code"]: (row["place"], row["texts"]) for row in answer.json()["languages"]}
    # A flow without a name of its own has none to change places with.
    assert rows == {"de": ("default", 6), "en": ("additional", 5)}
    assert commit_count(api_client, base) == before + 1
    assert "language: de   # the first one\nadditional_languages:\n- en\n" in config(
        api_client, base
    )
    hello = api_client.get(f"{base}responses/utter_hello/").json()["body"]
    assert hello == [
        {
            "text": "Hallo",
            "translation": {"en": "Hello"},
            "buttons": [
                {
                    "title": "Ja",
                    "payload": "/ja",
                    "translation": {"en": {"title": "Yes", "payload": "Yes"}},
                }
            ],
        }
    ]
    bye = api_client.get(f"{base}responses/utter_bye/").json()["body"]
    assert bye == [{"text": "Bye", "translation": {"en": "Bye"}}]
    flow = api_client.get(f"{base}flows/greet/").json()["body"]
    assert (flow["name"], flow["translation"]) == ("Begrüßung", {"en": {"name": "Greeting"}})


def test_without_words_in_it_only_the_setting_changes(api_client: APIClient, base: str) -> None:
    add(api_client, base, "hr")
    api_client.post(f"{base}languages/hr/default/")
    bye = api_client.get(f"{base}responses/utter_bye/").json()["body"]
    assert bye == [{"text": "Bye"}]
    assert listed(api_client, base)["hr"] == ("default", 6)


def test_the_default_stays_until_another_one_is(api_client: APIClient, base: str) -> None:
    refused = api_client.delete(f"{base}languages/en/")
    assert refused.status_code == 400
    assert "make another one the default first" in refused.json()["detail"]
    assert api_client.delete(f"{base}languages/fr/").status_code == 404
    assert api_client.post(f"{base}languages/fr/default/").status_code == 404


def test_a_broken_file_is_named_and_stays(api_client: APIClient, import_project: Import) -> None:
    aliased = b"anchor: &more [de]\nlanguage: en\nadditional_languages: *more\n"
    project = PROJECT | {"config.yml": aliased}
    base = f"/api/v1/assistants/{import_project(project, 'Aliased')['assistant']['id']}/"
    answer = add(api_client, base, "fr")
    if answer.status_code == 400:
        assert "in the file itself" in answer.json()["detail"]
        assert config(api_client, base) == aliased.decode()
    else:
        assert listed(api_client, base).keys() == {"en", "de", "fr"}


def test_only_who_may_change_settings(api_client: APIClient, as_user: AsUser, base: str) -> None:
    builder = as_user("Flow Builder")
    assert builder.get(f"{base}languages/").status_code == 200
    assert add(builder, base, "fr").status_code == 403
    assert builder.delete(f"{base}languages/de/").status_code == 403
    assert builder.post(f"{base}languages/de/default/").status_code == 403


CODES = st.sampled_from(["en", "de", "pt-BR", "x-en-formal"])
LINES = st.lists(
    st.sampled_from(
        [
            "# a comment",
            "recipe: default.v1",
            "language: en  # ours",
            "additional_languages: [de, fr]",
            "additional_languages:\n  - de # one\n  - fr",
            "pipeline:\n- name: A\n  # inside\n  x: 'y'",
            "",
        ]
    ),
    unique_by=lambda line: line.split(":")[0] or line,
)


@given(LINES, CODES, st.lists(CODES, unique=True))
def test_other_lines_of_the_file_stay(lines: list[str], own: str, more: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    more = [code for code in more if code != own]
    changed = with_languages(text, own, more)
    if changed is None:
        return
    found = languages_of(read_map(changed, "config.yml"))
    assert (found.language, list(found.additional)) == (own, more)
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        # A comment right above a key that goes is about that key.
        goes_too = line.startswith("#") and following.startswith("additional_languages")
        if "language" not in line and not goes_too:
            assert line in changed


TEXTS = st.fixed_dictionaries(
    {"text": st.sampled_from(["One", "Two", " "])},
    optional={
        "translation": st.dictionaries(
            st.sampled_from(["de", "fr"]), st.sampled_from(["Eins", "Zwei"])
        )
    },
)


@given(st.lists(TEXTS, max_size=3))
def test_changing_places_there_and_back(body: list[dict[str, Any]]) -> None:
    turned = response_spoken(body, "en", "de")
    counts = counts_of(translatable_of("response", "utter_a", turned))
    before = counts_of(translatable_of("response", "utter_a", body))
    assert counts.texts == before.texts == counts.translated["en"]
    back = response_spoken(turned, "de", "en")
    assert [one["text"] for one in back] == [one["text"] for one in body]
    for one, again in zip(body, back, strict=True):
        for code, words in (one.get("translation") or {}).items():
            if one["text"].strip():
                assert again["translation"][code] == words


@pytest.mark.parametrize(
    "line",
    [
        f"language: {'e' * 36}",
        'language: "e\\an"',
        f"assistant_id: {'a' * 256}",
        f"additional_languages: [{'d' * 36}, de]",
    ],
)
def test_what_no_row_can_hold_stays_in_the_file(
    api_client: APIClient, base: str, line: str
) -> None:
    text = "recipe: default.v1\nadditional_languages: [de]\n"
    if line.startswith("additional"):
        text = "recipe: default.v1\n"
    text = f"{text}{line}\n"
    revision = api_client.get(f"{base}config/").json()["revision"]
    body = {"text": text, "revision": revision}
    answer = api_client.put(f"{base}config/", body, format="json")
    assert (answer.status_code, answer.json()["text"]) == (200, text)
    told = api_client.get(f"{base}languages/").json()
    assert [row["code"] for row in told["languages"]] == ["en", "de"]
    assert api_client.get(base).json()["language"] == "en"
