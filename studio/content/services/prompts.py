"""An assistant's own prompts in place of the runtime's, and back: the file and who names it."""

import posixpath

from django.db import transaction

from modelservice.project.config_text import prompt_paths, prompt_templates_of, read_map
from modelservice.project.language_model import CONFIG, ENDPOINTS, Texts
from modelservice.project.model import Kind
from modelservice.project.prompts import LONGEST, PromptName, with_prompt
from modelservice.project.settings_text import Unwritable
from studio.common.errors import Invalid
from studio.content.errors import TooLarge
from studio.content.models import Branch, Item
from studio.content.services.blobs import Value
from studio.content.services.items import ID_PATTERNS
from studio.content.services.language_model import texts_of, write_texts
from studio.content.services.write import Author, Change, lock


@transaction.atomic
def prompt_write(*, branch: Branch, name: PromptName, text: str, path: str, author: Author) -> None:
    """A prompt of the assistant's own with this text, which its component names from now on.

    It lies at `path` where that is free and can be one, else where there is room. Where there is
    one already it stays: that is edited as a file.

    :raises Invalid: no component has it, or one of its own already, or only a person can edit it
    """
    if len(text) > LONGEST:
        raise TooLarge(f"A prompt has {LONGEST:,} characters at most.")
    branch = lock(branch)
    texts = texts_of(branch)
    named = _named(texts, name)
    taken = set(
        Item.objects.filter(branch=branch, kind__in=[Kind.PROMPT, Kind.FILE]).values_list(
            "key", flat=True
        )
    )
    if named in taken:
        raise Invalid(f"It has one of its own already: edit “{named}”.")
    wanted = _free(name, path or named, {key.casefold() for key in taken})
    made = _rewritten(texts, name, wanted)
    new = Change(Kind.PROMPT.value, wanted, Value({"text": text}), wanted)
    write_texts(branch, texts, made, author, [new])


@transaction.atomic
def prompt_reset(*, branch: Branch, name: PromptName, author: Author) -> None:
    """Back to the runtime's own; the file goes unless something else names it.

    :raises Invalid: only a person can edit the file that names it
    """
    branch = lock(branch)
    texts = texts_of(branch)
    path = _named(texts, name)
    if not path:
        return
    made = _rewritten(texts, name, None)
    left = prompt_templates_of(read_map(made.config, CONFIG), read_map(made.endpoints, ENDPOINTS))
    gone = []
    is_there = Item.objects.filter(branch=branch, kind=Kind.PROMPT, key=path).exists()
    if is_there and path not in map(posixpath.normpath, left):
        gone = [Change(Kind.PROMPT.value, path, None)]
    write_texts(branch, texts, made, author, gone)


def _named(texts: Texts, name: PromptName) -> str:
    maps = read_map(texts.config, CONFIG), read_map(texts.endpoints, ENDPOINTS)
    path = prompt_paths(*maps).get(name)
    return "" if path is None else posixpath.normpath(path)


def _free(name: PromptName, wanted: str, taken: set[str]) -> str:
    if ID_PATTERNS[Kind.PROMPT].fullmatch(wanted) and wanted.casefold() not in taken:
        return wanted
    usual = f"prompts/{name}"
    names = [f"{usual}.jinja2", *(f"{usual}_{at}.jinja2" for at in range(2, len(taken) + 3))]
    return next(each for each in names if each not in taken)


def _rewritten(texts: Texts, name: PromptName, path: str | None) -> Texts:
    try:
        return with_prompt(texts, name, path)
    except Unwritable as error:
        raise Invalid(
            f"{error.file} has no part that could name this prompt, or is written in a way that"
            " only a person can edit: change it in the file."
        ) from error
