"""The form of the action server: endpoints.yml, edited in place; and whether one is there."""

from django.db import transaction

from modelservice.project.action_server import Runner, with_action_server
from modelservice.project.language_model import Texts
from modelservice.project.model import Kind
from modelservice.project.settings_text import Unwritable
from modelservice.wire import ActionServerChecked
from studio.content.errors import ActionServerNotAsked, TooManyTries
from studio.content.models import Branch
from studio.content.selectors.items import text_of
from studio.content.services.language_model import not_by_form, texts_of, write_texts
from studio.content.services.write import Author, lock
from studio.model_service import client as model_service
from studio.model_service.errors import ModelServiceUnavailable

_NOT_OFFERED, _UNAVAILABLE = 404, 503


@transaction.atomic
def action_server_set(*, branch: Branch, runner: Runner, url: str, author: Author) -> None:
    """`url` is that of a server; settings that the form does not show stay.

    :raises Invalid: the file cannot be edited by a form; nothing is changed
    """
    branch = lock(branch)
    texts = texts_of(branch)
    try:
        made = Texts(texts.config, with_action_server(texts.endpoints, runner, url))
    except Unwritable as error:
        raise not_by_form(error) from error
    write_texts(branch, texts, made, author)


def action_server_check(branch: Branch) -> ActionServerChecked:
    """Whether the server that endpoints.yml names answers to where assistants run.

    :raises ActionServerNotAsked: there is none, or it cannot be asked
    :raises ModelServiceUnavailable: the service does not answer
    """
    endpoints = text_of(branch, Kind.ENDPOINTS)
    try:
        return model_service.check_action_server(endpoints=endpoints, too_many=TooManyTries)
    except model_service.Refused as refusal:
        if refusal.status == _UNAVAILABLE:
            raise ModelServiceUnavailable(refusal.message) from refusal
        if refusal.status == _NOT_OFFERED:
            message = "The model service in use asks no action servers."
            raise ActionServerNotAsked(message) from refusal
        raise ActionServerNotAsked(refusal.message) from refusal
