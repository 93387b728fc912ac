"""Two writings of the same training examples, and one that takes over what changed in the other.

Rasa sends all files as one: the examples of an intent stand together, entities in the short form.
"""

import json
import re
from collections.abc import Iterable, Sequence
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
            bodies.append(_with_examples(entry, examples) if examples else None)
    return bodies


def _with_examples(entry: dict[str, Any], examples: Sequence[str]) -> dict[str, Any]:
    """As they are written there: a text with dashes, or a list."""
    old = entry.get("examples")
    if not isinstance(old, list):
        return {**entry, "examples": "".join(f"- {text}\n" for text in examples)}
    by_text = {_text_of(one): one for one in old}
    return {**entry, "examples": [by_text.get(text, text) for text in examples]}


def _text_of(one: Any) -> str:
    return str(one.get("text", "") if isinstance(one, dict) else one).strip()
