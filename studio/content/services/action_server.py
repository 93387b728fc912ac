"""The form of the action server: endpoints.yml, edited in place."""

from django.db import transaction

from modelservice.project.action_server import Runner, with_action_server
from modelservice.project.language_model import Texts
from modelservice.project.settings_text import Unwritable
from studio.content.models import Branch
from studio.content.services.language_model import not_by_form, texts_of, write_texts
from studio.content.services.write import Author, lock


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
