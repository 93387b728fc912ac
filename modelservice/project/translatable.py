"""What is translatable in an item, and with which words in which languages.

It is what the runtime reads: the text of a variation of a response, the title of a button or link,
the address of a link where somebody gave it another one, and the name of a flow.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, Literal, get_args

from modelservice.project.model import Kind
from modelservice.project.placeholders import names_in

Path = tuple[str | int, ...]
TextField = Literal["message", "button", "link", "url", "flow_name"]
TEXT_FIELDS: tuple[str, ...] = get_args(TextField)
TRANSLATABLE_KINDS = (Kind.RESPONSE.value, Kind.FLOW.value)

_TRANSLATION = "translation"
# A map of languages of a flow may have this key beside them.
_NO_LANGUAGE = "metadata"


@dataclass(frozen=True, slots=True)
class TranslatableText:
    """`path` leads to the words of the assistant's own language, which may be empty."""

    path: Path
    field: TextField
    reference: str
    translations: Mapping[str, str] = default(default_factory=dict)
    jinja: bool = False

    @property
    def pointer(self) -> str:
        return pointer_of(self.path)

    @property
    def needed(self) -> bool:
        """It has to be there in each language; an address is the same everywhere by default."""
        return self.field != "url" and bool(self.reference.strip())

    @property
    def slots(self) -> list[str]:
        return slots_in(self.reference, jinja=self.jinja)


def slots_in(text: str, *, jinja: bool) -> list[str]:
    """Placeholders of a text, each once; Jinja has a language of its own, and none that we know."""
    return [] if jinja else [name for name in names_in(text) if name.strip()]


def pointer_of(path: Path) -> str:
    return "".join(f"/{part}" for part in path)


def path_of(pointer: str) -> Path:
    parts = pointer.split("/")[1:]
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def translatable_of(kind: str, key: str, body: Any) -> list[TranslatableText]:
    """In the order in which they stand; what has no words in any language is passed over."""
    if kind == Kind.RESPONSE:
        found = _of_response(body)
    elif kind == Kind.FLOW and isinstance(body, dict):
        found = iter([_of_flow(key, body)])
    else:
        return []
    return [text for text in found if text.reference.strip() or text.translations]


def _of_flow(key: str, body: dict[str, Any]) -> TranslatableText:
    name = _text(body.get("name")) or key.replace("_", " ").replace("-", " ")
    translations = _fields(body, "name")
    translations.pop(_NO_LANGUAGE, None)
    return TranslatableText(("name",), "flow_name", name, translations)


def _of_response(body: Any) -> Iterator[TranslatableText]:
    for index, variation in enumerate(body if isinstance(body, list) else []):
        if not isinstance(variation, dict):
            continue
        metadata = variation.get("metadata")
        jinja = isinstance(metadata, dict) and metadata.get("template") == "jinja"
        own = _text(variation.get("text"))
        yield TranslatableText((index, "text"), "message", own, _words(variation), jinja)
        buttons = variation.get("buttons")
        for place, button in enumerate(buttons if isinstance(buttons, list) else []):
            if isinstance(button, dict):
                yield from _of_button((index, "buttons", place), button, jinja=jinja)


def _of_button(path: Path, button: dict[str, Any], *, jinja: bool) -> Iterator[TranslatableText]:
    is_link = "url" in button or button.get("type") == "web_url"
    named: TextField = "link" if is_link else "button"
    title = _text(button.get("title"))
    yield TranslatableText((*path, "title"), named, title, _fields(button, "title"), jinja)
    if addresses := _fields(button, "url"):
        own = _text(button.get("url"))
        yield TranslatableText((*path, "url"), "url", own, addresses, jinja)


def _words(variation: dict[str, Any]) -> dict[str, str]:
    translations = variation.get(_TRANSLATION)
    found = translations if isinstance(translations, dict) else {}
    return {str(code): text for code, text in found.items() if _text(text).strip()}


def _fields(owner: dict[str, Any], key: str) -> dict[str, str]:
    translations = owner.get(_TRANSLATION)
    found = translations if isinstance(translations, dict) else {}
    return {
        str(code): entry[key]
        for code, entry in found.items()
        if isinstance(entry, dict) and _text(entry.get(key)).strip()
    }


@dataclass(slots=True)
class TextCounts:
    """How many texts are needed, and how many of them are there in which language."""

    texts: int = 0
    translated: Counter[str] = default(default_factory=Counter)


def counts_of(texts: Iterable[TranslatableText]) -> TextCounts:
    counts = TextCounts()
    for text in texts:
        if text.needed:
            counts.texts += 1
            counts.translated.update(text.translations.keys())
    return counts


def with_translation(body: Any, path: Path, language: str, text: str) -> Any:
    """A copy of an item with other words at a place; empty ones take the translation away.

    :raises LookupError: there is no such place
    """
    copied = deepcopy(body)
    owner = copied
    for part in path[:-1]:
        owner = owner[part]
    if not isinstance(owner, dict):
        raise LookupError(pointer_of(path))
    translations = owner.get(_TRANSLATION)
    translations = translations if isinstance(translations, dict) else {}
    value: Any = text
    if path[-1] != "text":
        entry = translations.get(language)
        value = {**(entry if isinstance(entry, dict) else {}), path[-1]: text}
        if not text.strip():
            del value[path[-1]]
    if value and (not isinstance(value, str) or value.strip()):
        translations[language] = value
    else:
        translations.pop(language, None)
    if translations:
        owner[_TRANSLATION] = translations
    else:
        owner.pop(_TRANSLATION, None)
    return copied


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
