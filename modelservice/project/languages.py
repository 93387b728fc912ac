"""The languages of an assistant as writes change them: in config.yml, and in what holds words."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from modelservice.project.config_text import languages_of, read_map
from modelservice.project.errors import ProjectError
from modelservice.project.response_texts import BUTTON_LISTS
from modelservice.project.yaml_edit import edited
from modelservice.project.yaml_writer import to_yaml

_MORE = "additional_languages"


def with_languages(text: str, language: str, additional: Sequence[str]) -> str | None:
    """The text of config.yml with these languages; comments, order and layout stay.

    None where it is written in a way that cannot be edited in place.

    :raises ProjectError: it is not a YAML map
    """
    before = read_map(text, "config.yml")
    languages = {"language": language, _MORE: list(additional)}
    if not before:
        held = {key: value for key, value in languages.items() if value}
        return f"{text.rstrip()}\n{to_yaml(held)}".lstrip("\n")
    changed = edited(text, before, _placed(before, languages))
    if changed is None or not _means(changed, language, additional):
        return None
    return changed


def _placed(config: Mapping[str, Any], languages: Mapping[str, Any]) -> dict[str, Any]:
    """New, the additional ones stand behind the language; they go when none is left."""
    after: dict[str, Any] = {}
    if "language" not in config:
        after["language"] = languages["language"]
    for key, value in config.items():
        if key != _MORE or languages[_MORE]:
            after[key] = languages.get(key, value)
        if key == "language" and _MORE not in config and languages[_MORE]:
            after[_MORE] = languages[_MORE]
    if languages[_MORE]:
        after.setdefault(_MORE, languages[_MORE])
    return after


def _means(text: str, language: str, additional: Sequence[str]) -> bool:
    try:
        found = languages_of(read_map(text, "config.yml"))
    except ProjectError:
        return False
    return (found.language, found.additional) == (language, tuple(additional))


def response_spoken(body: Any, old: str, new: str) -> Any:
    """A copy of a response whose own words are those in `new`; the old ones are a translation.

    A text without words in `new` keeps its own, and has them as the translation to `old`, too.
    """
    copied = deepcopy(body)
    for variation in copied if isinstance(copied, list) else []:
        if not isinstance(variation, dict):
            continue
        _turn_text(variation, old, new)
        for key in BUTTON_LISTS:
            entries = variation.get(key)
            for entry in entries if isinstance(entries, list) else []:
                _turn_fields(entry, ("title", "payload", "url"), old, new)
    return copied


def flow_spoken(body: Any, old: str, new: str) -> Any:
    """The same of a flow, whose name is translated."""
    copied = deepcopy(body)
    _turn_fields(copied, ("name",), old, new)
    return copied


def _turn_text(variation: dict[str, Any], old: str, new: str) -> None:
    own = variation.get("text")
    translations = variation.get("translation") or {}
    if not isinstance(own, str) or not own.strip() or not isinstance(translations, dict):
        return
    words = translations.get(new)
    if isinstance(words, str) and words.strip():
        variation["text"] = words
    variation["translation"] = _renamed(translations, old, new, own)


def _turn_fields(owner: Any, fields: Sequence[str], old: str, new: str) -> None:
    """Of what has a map of fields for each language: whatever `new` says itself changes places."""
    if not isinstance(owner, dict):
        return
    translations = owner.get("translation") or {}
    own = {key: owner[key] for key in fields[:1] if isinstance(owner.get(key), str)}
    if not own or not isinstance(translations, dict):
        return
    said = translations.get(new)
    said = said if isinstance(said, dict) else {}
    if isinstance(said.get("payload"), str) and not owner.get("payload"):
        own["payload"] = own[fields[0]]  # what a button without one sends
    for key in fields:
        if isinstance(said.get(key), str) and said[key].strip():
            if owner.get(key):
                own[key] = owner[key]
            owner[key] = said[key]
    owner["translation"] = _renamed(translations, old, new, own)


def _renamed(translations: dict[str, Any], old: str, new: str, own: Any) -> dict[str, Any]:
    """The entry of `old` stands where that of `new` stood."""
    if new not in translations:
        return {**translations, old: own}
    return {
        old if key == new else key: own if key == new else value
        for key, value in translations.items()
        if key != old
    }
