"""Adding, removing and changing the languages of an assistant: config.yml, edited in place."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from modelservice.project.config_text import Languages, languages_of, read_map
from modelservice.project.languages import flow_spoken, response_spoken, with_languages
from modelservice.project.model import Kind
from studio.common.errors import FieldProblem, Invalid, NotFound
from studio.content.models import Branch, Item
from studio.content.selectors.items import text_get
from studio.content.selectors.languages import text_counts
from studio.content.services.blobs import Value, edited_value
from studio.content.services.texts import check_text, copy_facts
from studio.content.services.write import Author, Change, commit, lock

_SPOKEN: dict[str, Callable[[Any, str, str], Any]] = {
    Kind.RESPONSE.value: response_spoken,
    Kind.FLOW.value: flow_spoken,
    Kind.SYSTEM_FLOW.value: flow_spoken,
}


@transaction.atomic
def language_add(*, branch: Branch, code: str, author: Author) -> None:
    """:raises Invalid: it is there already, perhaps with other capitals"""
    branch = lock(branch)
    config = text_get(branch, Kind.CONFIG)
    now = _languages(config)
    more = _with_further(now, [code], field="code")
    _write(branch, author, [_config_change(config, now.language, more)])


def with_further_languages(config: str, codes: Sequence[str], *, field: str) -> str:
    """The text of a config.yml that can be read, with these languages added to its own.

    :raises Invalid: one is there already, perhaps with other capitals; `field` names them
    """
    now = languages_of(read_map(config, "config.yml"))
    return _edited(config, now.language, _with_further(now, codes, field=field))


@transaction.atomic
def language_remove(*, branch: Branch, code: str, author: Author) -> None:
    """Texts in it stay where they are: nobody hears them until it is added again."""
    branch = lock(branch)
    config = text_get(branch, Kind.CONFIG)
    now = _languages(config)
    _check_additional(now, code)
    left = [each for each in now.additional if each != code]
    _write(branch, author, [_config_change(config, now.language, left)])


@transaction.atomic
def language_make_default(*, branch: Branch, code: str, author: Author) -> None:
    """One of the additional languages becomes the assistant's own, and that one additional.

    Words change places in responses and names of flows. Where no text has words in it, those that
    are there are taken to be of it, and stay.
    """
    branch = lock(branch)
    config = text_get(branch, Kind.CONFIG)
    now = _languages(config)
    _check_additional(now, code)
    more = [now.language if each == code else each for each in now.additional]
    changes = [_config_change(config, code, more)]
    if text_counts(branch).translated[code]:
        changes += _spoken(branch, now.language, code)
    commit(branch=branch, author=author, changes=changes, judge_translations=False)
    copy_facts(branch, changes)


def _languages(config: Item) -> Languages:
    """:raises Invalid: the file cannot be read"""
    text = str(config.blob.body)
    check_text(config.key, text)
    return languages_of(read_map(text, config.key))


def _check_additional(now: Languages, code: str) -> None:
    if code == now.language:
        raise Invalid(f"“{code}” is the default language: make another one the default first.")
    if code not in now.additional:
        raise NotFound(f"“{code}” is not one of the languages of this assistant.")


def _with_further(now: Languages, codes: Sequence[str], *, field: str) -> list[str]:
    spoken = [now.language, *now.additional]
    for code in codes:
        taken = next((one for one in spoken if one.casefold() == code.casefold()), None)
        if taken is not None:
            message = f"The assistant speaks “{taken}” already."
            raise Invalid(message, errors=[FieldProblem(field=field, message=message)])
        spoken.append(code)
    return spoken[1:]


def _config_change(config: Item, language: str, additional: Sequence[str]) -> Change:
    text = _edited(str(config.blob.body), language, additional)
    return Change(Kind.CONFIG.value, config.key, Value(text))


def _edited(config: str, language: str, additional: Sequence[str]) -> str:
    text = with_languages(config, language, additional)
    if text is None:
        raise Invalid(
            "The languages are written in config.yml in a way that only a person can edit: "
            "change “language” and “additional_languages” in the file itself."
        )
    return text


def _spoken(branch: Branch, old: str, new: str) -> list[Change]:
    items = Item.objects.filter(branch=branch, kind__in=_SPOKEN)
    changes = []
    for item in items.select_related("blob", "blob__base"):
        body = _SPOKEN[item.kind](item.blob.body, old, new)
        if body != item.blob.body:
            changes.append(Change(item.kind, item.key, edited_value(body, item.blob)))
    return changes


def _write(branch: Branch, author: Author, changes: Sequence[Change]) -> None:
    commit(branch=branch, author=author, changes=changes)
    copy_facts(branch, changes)
