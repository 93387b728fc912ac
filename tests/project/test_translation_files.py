"""Texts for translators: what goes out comes back, and a bad file is refused with its place."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelservice.project.errors import ProjectError
from modelservice.project.translatable import translatable_of
from modelservice.project.translation_csv import read_csv, write_csv
from modelservice.project.translation_files import (
    Identity,
    TranslationFile,
    Unit,
    import_plan,
    unit_id,
)
from modelservice.project.translation_xliff import read_xliff, write_xliff
from tests.project.fuzzing import examples
from tests.project.translation_tokens import BODIES, TEXTS, WORDS

Write = Callable[[TranslationFile], bytes]
Read = Callable[[bytes], TranslationFile]
FORMATS = {"xliff": (write_xliff, read_xliff), "csv": (write_csv, read_csv)}
ITEM = ("response", "utter_#a")


def file_of(body: Any, language: str = "de") -> TranslationFile:
    units = []
    for text in translatable_of(*ITEM, body):
        words = text.translations.get(language, "")
        state = "done" if words else "missing"
        one = Unit(unit_id(*ITEM, text.pointer), text.field, text.reference, words, state)  # type: ignore[arg-type]
        units.append(one)
    return TranslationFile("6f1d2c0e", "main@7", "en", language, tuple(units), "A & B")


def planned(file: TranslationFile, body: Any, exported: Any = None) -> Any:
    def texts(of: Any) -> Callable[[Identity], Any]:
        return lambda identity: translatable_of(*ITEM, of) if identity == ITEM else None

    then = texts(body if exported is None else exported)
    return import_plan(file, texts(body), then, lambda _text, _language: False)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=examples(300), deadline=None)
@given(body=BODIES)
def test_what_was_exported_changes_nothing(name: str, body: Any) -> None:
    write, read = FORMATS[name]
    file = file_of(body)
    back = read(write(file))
    assert back == file
    plan = planned(back, body)
    assert (plan.changes, plan.gone, plan.same) == ([], [], len(file.units))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=examples(300), deadline=None)
@given(body=BODIES, words=st.lists(WORDS, min_size=1, max_size=3), which=st.integers(0, 9))
def test_an_edit_changes_exactly_its_texts(
    name: str, body: Any, words: list[str], which: int
) -> None:
    write, read = FORMATS[name]
    file = file_of(body)
    if not file.units:
        return
    places = [(which + step) % len(file.units) for step in range(len(words))]
    units = list(read(write(file)).units)
    edits = dict(zip(places, words, strict=True))
    for place, text in edits.items():
        units[place] = replace(units[place], target=text)
    plan = planned(read(write(replace(file, units=tuple(units)))), body)
    wanted = {
        file.units[place].id: text
        for place, text in edits.items()
        if file.units[place].target != text
    }
    assert {change.unit: change.after for change in plan.changes} == wanted
    assert not any(change.changed_here for change in plan.changes)
    assert plan.same == len(units) - len(wanted)


@settings(max_examples=examples(300))
@given(body=BODIES, later=BODIES)
def test_what_the_translator_left_stays_as_it_is_now(body: Any, later: Any) -> None:
    """Also where somebody translated it here since the export."""
    plan = planned(file_of(body), later, exported=body)
    assert plan.changes == []


@settings(max_examples=examples(300), deadline=None)
@given(source=TEXTS, target=TEXTS)
def test_any_two_texts_come_back_as_they_were(source: str, target: str) -> None:
    state: Any = "done" if target.strip() else "missing"
    unit = Unit("response/utter_a#/0/text", "message", source, target, state)
    file = TranslationFile("a", "main@1", "en", "ar", (unit,))
    for write, read in FORMATS.values():
        assert read(write(file)) == file


def test_a_spreadsheet_computes_nothing_and_may_use_semicolons() -> None:
    body = [{"text": "=1+1", "translation": {"de": "'=HYPERLINK(1)"}}]
    content = write_csv(file_of(body)).decode("utf-8-sig")
    assert '"\'=1+1"' in content
    assert "\"''=HYPERLINK(1)\"" in content
    file = file_of(body)
    for delimiter in ";\t":
        assert read_csv(content.replace('","', f'"{delimiter}"').encode("utf-16")) == file
        assert read_csv(content.replace('","', f'"{delimiter}"').encode()) == file


def test_what_tools_make_of_a_text() -> None:
    content = write_xliff(file_of([{"text": "Send {amount} to {name}"}])).decode()
    segment = (
        'state="translated"><mrk mtype="seg" mid="0">An <x id="2"/><g id="9">: </g>'
        '<ph id="1" ctype="x-slot"/></mrk></target>'
    )
    start = content.index("<target")
    end = content.index("</target>") if "</target>" in content else content.index("/>", start)
    changed = content[:start] + '<target xml:lang="de" ' + segment + content[end:].partition(">")[2]
    [unit] = read_xliff(changed.encode()).units
    assert (unit.target, unit.state) == ("An {name}: {amount}", "done")


def test_a_slot_has_one_number_on_both_sides() -> None:
    body = [{"text": "{a} to {b}", "translation": {"de": "An {b}: {c} {a}"}}]
    content = write_xliff(file_of(body)).decode()
    assert [content.count(f'<ph id="{number}"') for number in (1, 2, 3)] == [2, 2, 1]
    for number, slot in ((1, "a"), (2, "b")):
        assert content.count(f'<ph id="{number}" ctype="x-slot">{{{slot}}}</ph>') == 2


def test_lost_and_unknown_slots_are_told() -> None:
    file = file_of([{"text": "Send {amount}"}])
    file = replace(file, units=(replace(file.units[0], target="Sende {total}"),))
    [change] = planned(file, [{"text": "Send {amount}"}]).changes
    assert (change.lost_slots, change.unknown_slots) == (["amount"], ["total"])


def test_what_moved_and_what_was_changed_here() -> None:
    exported = [{"text": "One"}, {"text": "Two"}]
    file = file_of(exported)
    file = replace(file, units=tuple(replace(unit, target="x") for unit in file.units))
    plan = planned(file, [{"text": "New"}, {"text": "One"}], exported=exported)
    assert [(one.path, one.reference, one.changed_here) for one in plan.changes] == [
        ((1, "text"), "One", False)
    ]
    assert plan.gone == ["response/utter_#a#/1/text"]
    plan = planned(file, [{"text": "One"}, {"text": "Three"}], exported=exported)
    assert [(one.reference, one.changed_here) for one in plan.changes] == [
        ("One", False),
        ("Three", True),
    ]
    assert planned(file, [{"text": "One"}], exported=exported).gone == ["response/utter_#a#/1/text"]
    # The translator's words, and others that came here meanwhile.
    other = [{"text": "One", "translation": {"de": "y"}}, {"text": "Two"}]
    assert [one.changed_here for one in planned(file, other, exported).changes] == [True, False]


BILLION = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<xliff version="1.2">&b;</xliff>'
)


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("", 1, "not XML"),
        ("<xliff\n><file>", 2, "not XML"),
        (BILLION, 1, "DOCTYPE"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><xliff/>', 1, "DOCTYPE"),
        ("<html/>", 1, "<html>"),
        ('<xliff version="2.0"/>', 1, "XLIFF 1.2"),
        ('<xliff version="1.2"/>', 1, "0 files"),
        (
            '<xliff version="1.2"><file>\n<body><trans-unit id="1"/></body></file></xliff>',
            2,
            "source",
        ),
        (f"{'<a>' * 60}", 1, "nested"),
        ('<?xml version="1.0" encoding="none"?><xliff/>', 1, "encoding"),
        (
            '<xliff version="1.2"><file><body><trans-unit id="1"><source/>'
            '<target><x id="3"/></target></trans-unit></body></file></xliff>',
            1,
            "stands for nothing",
        ),
    ],
)
def test_a_bad_xliff_file_is_refused_with_its_line(content: str, line: int, said: str) -> None:
    with pytest.raises(ProjectError) as refused:
        read_xliff(content.encode())
    [finding] = refused.value.findings
    assert said in finding.message
    assert finding.line == line


HEAD = '"id (a main@1)","what","state","en","de"\r\n'


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "first row"),
        (b"a,b\r\n", 1, "first row"),
        (f"{HEAD}x,y\r\n".encode(), 2, "2 cells"),
        (f"{HEAD}x,message,odd,a,b\r\n".encode(), 2, "states"),
        (f'{HEAD}"a"b,c'.encode(), 2, "cannot be read"),
        (f"{HEAD}\r\n".encode() + b"\xff", 3, "UTF-8"),
    ],
)
def test_a_bad_table_is_refused_with_its_line(content: bytes, line: int, said: str) -> None:
    with pytest.raises(ProjectError) as refused:
        read_csv(content)
    [finding] = refused.value.findings
    assert said in finding.message
    assert finding.line == line


@pytest.mark.parametrize("name", ["x", "slot/a#/0/text", "response/#/0/text", "response/a#0"])
def test_ids_that_are_not_ours_are_refused(name: str) -> None:
    file = TranslationFile("a", "main@1", "en", "de", (Unit(name, "message", "a", "b", line=4),))
    with pytest.raises(ProjectError, match="not the id of a text"):
        planned(file, [])
