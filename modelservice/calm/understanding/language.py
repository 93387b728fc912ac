"""Word lists of the offline generator: one YAML file a language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from modelservice.calm.content.yaml_text import load_yaml
from modelservice.calm.understanding.text import folded, plain, stem, stems, words

_FOLDER = Path(__file__).parent / "words"
_LONGEST_PHRASE = 4
_SECTIONS = ("dates", "times", "kinds", "sides", "markers", "yes_or_no")
# Kinds of phrases whose words say something where they stand alone.
_WHOLE_MESSAGES = frozenset(
    {
        *("help", "bot", "first_person", "any", "joint", "request", "wish", "follow_up"),
        *("cancel_what", "refuse_what", "under_way", "preference"),
        *("fact_question", "content_question", "question_about", "how_to"),
    }
)
_OF_WHOLE_TEXTS = ("stays", "everyday", "everyday_fillers", "corrections", "listed")
_UMLAUTS = {ord(letter): f"{plain_one}e" for letter, plain_one in zip("äöü", "aou", strict=True)}
Stems = tuple[str, ...]
# Actions that nearly every sentence asks for: they are no sign of one flow or against another.
VAGUE_ACTIONS = frozenset({"get", "check"})
# Actions of flows that tell something, and what a question asks for by being one.
TELLING_ACTIONS = frozenset({"check", "find", "explain", "compare", "measure", "track"})
ASKED_BY_QUESTIONS = TELLING_ACTIONS | VAGUE_ACTIONS


@dataclass(frozen=True, slots=True)
class Language:
    """Words of one or more languages together, all folded.

    `related` and `actions` are read by the stems of a word or phrase: numbers of the groups of
    related words that it belongs to, names of the actions (`find`, `book` …) that it expresses.
    """

    phrases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    related: Mapping[Stems, tuple[int, ...]] = field(default_factory=dict)
    actions: Mapping[Stems, frozenset[str]] = field(default_factory=dict)
    action_groups: frozenset[int] = frozenset()
    vague_groups: frozenset[int] = frozenset()
    lists: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    kinds: Mapping[Stems, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    stop_words: frozenset[str] = frozenset()
    common_words: frozenset[str] = frozenset()
    numbers: Mapping[str, int] = field(default_factory=dict)
    multipliers: Mapping[str, int] = field(default_factory=dict)

    def means(self, text: str, *kinds: str) -> bool:
        """Whether one of the phrases of these kinds occurs anywhere in the text."""
        padded = f" {plain(text)} "
        return any(f" {phrase} " in padded for kind in kinds for phrase in self.phrases[kind])

    def actions_in(self, text: str) -> list[frozenset[str]]:
        """What the words of a text ask to be done, in their order."""
        return [self.actions[found] for _, found in phrases_in(stems(text), self.actions)]


def first_action(text: str, language: Language) -> frozenset[str]:
    """What a text asks to be done before anything else; `add it to the list` adds."""
    return next(iter(language.actions_in(text)), frozenset())


def same_action(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether two ask for the same; `show` and `list` do."""
    return bool(first & second or (first & TELLING_ACTIONS and second & TELLING_ACTIONS))


def things_in(text: str, language: Language) -> frozenset[str]:
    """The stems of what a text is about, without what is done."""
    return frozenset(
        stem(word)
        for word in words(text)
        if word not in language.stop_words and (stem(word),) not in language.actions
    )


def phrases_in(spoken: Stems, known: Mapping[Stems, Any]) -> list[tuple[int, Stems]]:
    """Known phrases in a text by place; where several begin, the longest."""
    found = []
    for start in range(len(spoken)):
        for length in range(min(_LONGEST_PHRASE, len(spoken) - start), 0, -1):
            phrase = spoken[start : start + length]
            if phrase in known:
                found.append((start, phrase))
                break
    return found


@cache
def _content(code: str) -> dict[str, Any]:
    file = _FOLDER / f"{code}.yml"
    if not file.is_file():
        return {}
    content: dict[str, Any] = load_yaml(file.read_text(encoding="utf-8"), file=file.name)
    return content


def language_of(codes: Iterable[str]) -> Language:
    """The words of these languages (`de`, `de-AT`); a language without a file adds nothing."""
    return _together(tuple(dict.fromkeys(code.split("-")[0].lower() for code in codes)))


@cache
def _together(codes: tuple[str, ...]) -> Language:
    contents = [_content(code) for code in codes]
    phrases: dict[str, set[str]] = {}
    related: dict[Stems, list[int]] = {}
    actions: dict[Stems, set[str]] = {}
    numbers: dict[str, int] = {}
    for content in contents:
        for kind, items in content.get("phrases", {}).items():
            phrases.setdefault(kind, set()).update(map(plain, _spelt(items)))
        for action, items in content.get("actions", {}).items():
            for item in _spelt(items):
                actions.setdefault(stems(item), set()).add(action)
        for section in ("actions", "related"):
            for name, items in content.get(section, {}).items():
                number = numbers.setdefault(f"{section}: {name}", len(numbers))
                for item in _spelt(items):
                    related.setdefault(stems(item), []).append(number)
    common = (
        plain(word).split()
        for kinds in (
            [{kind: said for kind, said in phrases.items() if kind not in _WHOLE_MESSAGES}],
            *(content.get(section, {}) for content in contents for section in _SECTIONS),
        )
        for items in (kinds if isinstance(kinds, list) else [kinds])
        for phrase_list in items.values()
        for word in map(str, phrase_list)
    )
    return Language(
        phrases=_AllKinds({kind: frozenset(items) for kind, items in phrases.items()}),
        related={phrase: tuple(dict.fromkeys(groups)) for phrase, groups in related.items()},
        actions={phrase: frozenset(names) for phrase, names in actions.items()},
        action_groups=frozenset(
            number for name, number in numbers.items() if name.startswith("actions")
        ),
        vague_groups=frozenset(numbers.get(f"actions: {name}", -1) for name in VAGUE_ACTIONS),
        lists={section: _lists(contents, section) for section in (*_SECTIONS, *_OF_WHOLE_TEXTS)},
        kinds={
            stems(word): kind for kind, items in _lists(contents, "kinds").items() for word in items
        },
        units={
            stem(word): name for name, items in _lists(contents, "units").items() for word in items
        },
        common_words=frozenset(word for said in common for word in said),
        stop_words=frozenset(
            plain(str(word)) for content in contents for word in content.get("stop_words", [])
        ),
        numbers=_values(contents, "numbers"),
        multipliers=_values(contents, "multipliers"),
    )


class _AllKinds(dict[str, Any]):
    """A kind of phrase that a language does not have is empty."""

    def __missing__(self, kind: str) -> frozenset[str]:
        return frozenset()


def _spelt(items: Iterable[Any]) -> Iterator[str]:
    """Each as it is written and, as in many an identifier, with `ae` for `ä`."""
    for item in map(str, items):
        yield item
        if (other := item.translate(_UMLAUTS)) != item:
            yield other


def _values(contents: Iterable[Mapping[str, Any]], key: str) -> dict[str, int]:
    return {plain(str(k)): int(v) for content in contents for k, v in content.get(key, {}).items()}


def _lists(contents: Iterable[Mapping[str, Any]], section: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for content in contents:
        for name, items in content.get(section, {}).items():
            found.setdefault(name, []).extend(map(folded, _spelt(items)))
    return {name: tuple(dict.fromkeys(items)) for name, items in found.items()}
