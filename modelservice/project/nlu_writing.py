"""Two writings of the same training examples, and one that takes over what changed in the other.

Rasa sends all files as one: the examples of an intent stand together, entities in the short form.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from modelservice.project.nlu_examples import entity_fields, example_texts, marked_parts

_LABELS = ("intent", "synonym", "regex", "lookup")
Group = tuple[str, str]


def group_of(entry: Any) -> Group | None:
    """What the examples of an entry are of; None where that is nothing that Rasa knows."""
    if isinstance(entry, dict):
        for label in _LABELS:
            if isinstance(entry.get(label), str):
                return label, entry[label]
    return None


def compared_example(text: str) -> str:
    """Equal for two writings of one example: `[Rome](city)` and `[Rome]{"entity": "city"}`."""

    def spelled(match: re.Match[str]) -> str:
        fields = entity_fields(match)
        if fields.get("value") == match["text"]:
            del fields["value"]
        return f"[{match['text']}]{json.dumps(fields, sort_keys=True, ensure_ascii=False)}"

    return marked_parts(spelled, " ".join(text.split()))


def examples_of(entries: Iterable[Any]) -> dict[str, str]:
    """Plain form to text, of all examples of these entries in their order."""
    return {
        compared_example(text): text
        for entry in entries
        if isinstance(entry, dict)
        for text in example_texts(entry)
    }


def taken_over(own: Sequence[Any], sent: Sequence[Any]) -> list[Any]:
    """The bodies of `own`, entries of one group, with the examples that were sent.

    What is in both stays where and as it is; what is new goes behind the last of the first entry;
    an entry that loses its last example is None.
    """
    wanted = examples_of(sent)
    known = examples_of(own)
    new = [text for plain, text in wanted.items() if plain not in known]
    bodies: list[Any] = []
    for number, entry in enumerate(own):
        written = list(example_texts(entry))
        kept = [text for text in written if compared_example(text) in wanted]
        examples = [*kept, *(new if number == 0 else [])]
        if examples == written:
            bodies.append(entry)
        else:
            bodies.append(with_examples(entry, examples) if examples else None)
    return bodies


def with_examples(
    entry: dict[str, Any], examples: Sequence[str], was: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The entry with these examples, written as its others are: a text with dashes, or a list.

    One that was there stays as it is written, with what stands beside it; `was` says which one an
    example was before it got other words.
    """
    before = was or {}
    old = entry.get("examples")
    if isinstance(old, list):
        by_text = {_text_of(one): one for one in old}
        as_map = bool(old) and isinstance(old[-1], dict)
        written = [
            _worded(by_text.get(before.get(text, text)), text, as_map=as_map) for text in examples
        ]
        return {**entry, "examples": written}
    lines = _lines_of(old if isinstance(old, str) else "")
    written = [_line(lines, text, before.get(text, text)) for text in examples]
    return {**entry, "examples": "".join(written)}


def _line(lines: Mapping[str, str], text: str, was: str) -> str:
    line = lines.get(was)
    if line is None:
        return f"- {text}\n"
    return line if was == text else f"{line.rstrip().removesuffix(was)}{text}\n"


def _worded(one: Any, text: str, *, as_map: bool) -> Any:
    if isinstance(one, dict):
        return one if _text_of(one) == text else {**one, "text": text}
    if one is not None and _text_of(one) == text:
        return one
    return {"text": text} if one is None and as_map else text


def _lines_of(examples: str) -> dict[str, str]:
    """Of each example its line, with the empty ones before it."""
    found: dict[str, str] = {}
    empty = ""
    for line in examples.splitlines():
        text = line.strip().removeprefix("-").strip()
        if text:
            found.setdefault(text, f"{empty}{line}\n")
            empty = ""
        else:
            empty += f"{line}\n"
    return found


def _text_of(one: Any) -> str:
    return str(one.get("text", "") if isinstance(one, dict) else one).strip()
