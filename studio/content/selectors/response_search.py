"""Where the texts of responses say certain words."""

from dataclasses import dataclass

from modelservice.project.model import Kind
from modelservice.project.response_texts import Path, Wanted, texts_of
from studio.content.models import Branch, Item


@dataclass(frozen=True, slots=True)
class Match:
    """A text with the words, and what it would be with others instead."""

    response: str
    revision: int
    path: Path
    pointer: str
    variation: int
    field: str
    language: str | None
    before: str
    after: str


def matches_of(branch: Branch, wanted: Wanted, replacement: str) -> list[Match]:
    """In the order of names and places; a text that would stay as it is is none."""
    found = []
    rows = Item.objects.filter(branch=branch, kind=Kind.RESPONSE).order_by("key")
    for key, revision, body in rows.values_list("key", "revision", "blob__body"):
        for text in texts_of(body):
            after = wanted.replaced(text.text, replacement)
            if after != text.text:
                match = Match(
                    response=key,
                    revision=revision,
                    path=text.path,
                    pointer=text.pointer,
                    variation=text.variation,
                    field=text.field,
                    language=text.language,
                    before=text.text,
                    after=after,
                )
                found.append(match)
    return found
