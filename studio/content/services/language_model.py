"""Writes of the forms over config.yml and endpoints.yml, and a sentence to the model they name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from modelservice.project.config_text import read_map
from modelservice.project.language_model import (
    CONFIG,
    ENDPOINTS,
    ModelSettings,
    Texts,
    language_model_of,
    with_language_model,
)
from modelservice.project.model import Kind
from modelservice.project.settings_text import Unwritable
from modelservice.wire import ModelTried
from studio.common.errors import Invalid
from studio.content.errors import ModelNotAsked, TooManyTries
from studio.content.models import Branch, Item
from studio.content.selectors.items import text_of
from studio.content.services.blobs import Value
from studio.content.services.texts import check_text, copy_facts
from studio.content.services.write import Author, Change, commit, lock
from studio.model_service import client as model_service
from studio.model_service.errors import ModelServiceUnavailable

_TRIES_NOT_OFFERED, _UNAVAILABLE = 404, 503


@transaction.atomic
def language_model_change(
    *, branch: Branch, fields: Mapping[str, Any] | None, author: Author
) -> None:
    """Set these fields of the command generator's model; None: it asks none any more.

    Both files are one commit. Fields that are not named stay as they are.

    :raises Invalid: a file cannot be edited by a form; nothing is changed
    """
    branch = lock(branch)
    texts = texts_of(branch)
    config, endpoints = read_map(texts.config, CONFIG), read_map(texts.endpoints, ENDPOINTS)
    now = language_model_of(config, endpoints)
    if not now.component:
        raise Invalid(
            "The pipeline in config.yml has no command generator that could ask a language model:"
            " add one there first."
        )
    wanted = None if fields is None else replace(now.settings or ModelSettings(), **fields)
    try:
        made = with_language_model(texts, wanted)
    except Unwritable as error:
        raise not_by_form(error) from error
    write_texts(branch, texts, made, author)


def texts_of(branch: Branch) -> Texts:
    """:raises Invalid: a file cannot be read"""
    texts = Texts(text_of(branch, Kind.CONFIG), text_of(branch, Kind.ENDPOINTS))
    check_text(CONFIG, texts.config)
    check_text(ENDPOINTS, texts.endpoints)
    return texts


def not_by_form(error: Unwritable) -> Invalid:
    return Invalid(
        f"{error.file} is written in a way that only a person can edit: change it in the file."
    )


def write_texts(
    branch: Branch, before: Texts, after: Texts, author: Author, further: Sequence[Change] = ()
) -> None:
    """What differs in the two files as one commit, with what else belongs to it."""
    rows = Item.objects.filter(branch=branch, kind__in=[Kind.CONFIG, Kind.ENDPOINTS])
    names = {CONFIG: CONFIG, ENDPOINTS: ENDPOINTS}  # config.yaml, where it is called so
    names |= {f"{kind}.yml": key for kind, key in rows.values_list("kind", "key")}
    changes = list(further)
    if after.config != before.config:
        name = names[CONFIG]
        changes.append(Change(Kind.CONFIG.value, name, Value(after.config), name))
    if after.endpoints != before.endpoints:
        name = names[ENDPOINTS]
        changes.append(Change(Kind.ENDPOINTS.value, name, Value(after.endpoints), name))
    commit(branch=branch, author=author, changes=changes)
    copy_facts(branch, changes)


def language_model_try(*, branch: Branch, text: str) -> ModelTried:
    """What the model that is set now says to a sentence; keys are the model service's.

    :raises ModelNotAsked: there is none, or it cannot be asked
    :raises ModelServiceUnavailable: the service does not answer
    """
    texts = Texts(text_of(branch, Kind.CONFIG), text_of(branch, Kind.ENDPOINTS))
    try:
        return model_service.try_language_model(
            config=texts.config, endpoints=texts.endpoints, text=text, too_many=TooManyTries
        )
    except model_service.Refused as refusal:
        if refusal.status == _UNAVAILABLE:
            raise ModelServiceUnavailable(refusal.message) from refusal
        if refusal.status == _TRIES_NOT_OFFERED:
            message = "The model service in use tries no language models."
            raise ModelNotAsked(message) from refusal
        raise ModelNotAsked(refusal.message) from refusal


def known_variables() -> list[str] | None:
    """Names of the variables that assistants may read and that are set; None where the model
    service in use does not tell.

    :raises ModelServiceUnavailable: the service does not answer
    """
    try:
        return model_service.variables()
    except model_service.Refused:
        return None
