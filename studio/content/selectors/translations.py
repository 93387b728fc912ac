"""The translatable texts of a branch, side by side with their words in one language."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from modelservice.project.model import Kind
from modelservice.project.translatable import slots_in
from modelservice.project.translation_files import TextState
from studio.common.errors import Invalid
from studio.content.models import Branch, ItemText, Reference, TranslationVerdict
from studio.content.selectors.documents import Document, person
from studio.content.selectors.languages import languages_listed
from studio.content.selectors.references import places_of

SHOW = ("all", "todo", "missing", "outdated")


def check_language(branch: Branch, language: str) -> str:
    """The default language of the assistant.

    :raises Invalid: `language` is not one that it is translated to
    """
    listed = languages_listed(branch)
    if language == listed.language:
        raise Invalid(f"“{language}” is the default language: it is written, not translated.")
    if language not in listed.additional:
        raise Invalid(f"“{language}” is not one of the languages of this assistant: add it first.")
    return listed.language


def texts_of_language(
    branch: Branch,
    language: str,
    *,
    show: str = "all",
    around: bool = False,
    search: str = "",
    flow: str = "",
    field: str = "",
) -> QuerySet[ItemText]:
    """Responses first, in the order of their names; with `around`, whole items."""
    rows = ItemText.objects.filter(branch=branch).select_related("item__updated_by")
    rows = rows.defer("item__summary", "item__facts", "item__problems")
    there = Q(translations__has_key=language)
    rows = rows.filter(Q(needed=True) | there)
    shown = rows.filter(_shown(show, there, language))
    if field:
        shown = shown.filter(field=field)
    if flow:
        shown = shown.filter(_said_by(branch, flow))
    shown = shown.annotate(words=KeyTextTransform(language, "translations"))
    for word in search.split():
        shown = shown.filter(
            Q(reference__icontains=word) | Q(words__icontains=word) | Q(item__key__icontains=word)
        )
    if around and show != "all":
        shown = rows.filter(Exists(shown.filter(item=OuterRef("item")).order_by()))
    return shown.order_by("-item__kind", "item__key", "position")


def _shown(show: str, there: Q, language: str) -> Q:
    missing = Q(needed=True) & ~there
    outdated = Q(outdated__has_key=language)
    shown = {"missing": missing, "outdated": outdated, "todo": missing | outdated}
    return shown.get(show, Q())


def _said_by(branch: Branch, flow: str) -> Q:
    said = Reference.objects.filter(branch=branch, item__key=flow, relation="texts")
    responses = Q(item__kind=Kind.RESPONSE, item__key__in=said.values("name"))
    return responses | Q(item__kind=Kind.FLOW, item__key=flow)


def state_of(text: ItemText, language: str) -> TextState:
    if language not in text.translations:
        return "missing"
    return "outdated" if language in text.outdated else "done"


def text_documents(branch: Branch, texts: Sequence[ItemText], language: str) -> list[Document]:
    names = {text.item.key for text in texts if text.item.kind == Kind.RESPONSE}
    places = places_of(branch, "texts", names=names)["texts"] if names else {}
    ids = {text.outdated[language] for text in texts if language in text.outdated}
    verdicts = TranslationVerdict.objects.select_related("by").in_bulk(ids)
    return [
        _document(
            text, language, places.get(text.item.key, []), verdicts.get(text.outdated.get(language))
        )
        for text in texts
    ]


def _document(
    text: ItemText,
    language: str,
    places: list[dict[str, Any]],
    verdict: TranslationVerdict | None,
) -> Document:
    item = text.item
    flows = {place["flow"]: place["flow_name"] for place in places}
    if item.kind == Kind.FLOW:
        flows = {}
    return {
        "kind": item.kind,
        "item": item.key,
        "pointer": text.pointer,
        "field": text.field,
        "reference": text.reference,
        "text": text.translations.get(language, ""),
        "state": state_of(text, language),
        "jinja": text.jinja,
        "slots": slots_in(text.reference, jinja=text.jinja),
        "flows": [{"id": key, "name": name} for key, name in flows.items()],
        "outdated": None
        if verdict is None
        else {"before": verdict.before, "at": verdict.at, "by": person(verdict.by)},
        "revision": item.revision,
        "updated_at": item.updated_at,
        "updated_by": person(item.updated_by),
    }
