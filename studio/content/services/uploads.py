"""What the Rasa CLI sends: a new assistant, or a push to one that is there."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from modelservice.project.errors import ProjectError
from modelservice.project.parts import PART_FILES, Parts, parts_to_push
from modelservice.project.project_reader import read_files
from studio.accounts.models import User
from studio.accounts.permissions import MissingPermission, permissions_of
from studio.accounts.roles import Permission
from studio.assistants.access import access_named, permissions_in
from studio.common.errors import FieldProblem, Invalid, NotFound
from studio.content.errors import TooLarge, import_failed
from studio.content.models import Branch, Door
from studio.content.selectors.items import branch_get
from studio.content.services.checkouts import checkout_record
from studio.content.services.pushes import Done, push, upload
from studio.content.services.write import Author

# The CLI makes a folder of this name.
_NO_FOLDER = re.compile(r"[/\\]|^\.|\.\.")
_MAX_PROMPT = 200_000
# An empty one says that there is none any more; of the others it says nothing.
_MAY_BE_EMPTY = {"nlu"}


@dataclass(frozen=True, slots=True)
class EncodedParts:
    """YAML in base64, by part; None: not sent. Prompts are plain texts."""

    flows: str | None = None
    domain: str | None = None
    config: str | None = None
    endpoints: str | None = None
    nlu: str | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)


def branch_named(user: User, name: str, permission: Permission) -> Branch:
    """The branch that `assistant` or `assistant@branch` names.

    :raises NotFound: it is not there, or not for them
    """
    try:
        return branch_get(access_named(user, name, permission).pk)
    except NotFound:
        own, at, branch = name.rpartition("@")
        if not at:
            raise
    return branch_get(access_named(user, own, permission).pk, branch)


def fetched(branch: Branch, user: User) -> None:
    """Remember that this person's files hold the newest content of the branch now."""
    checkout_record(branch=branch, user=user)


def receive(*, user: User, name: str, encoded: EncodedParts) -> None:
    """Make the assistant of what was sent, or push it where there is one of that name.

    :raises PushRefused: others changed the same since
    :raises ImportFailed: a part cannot be read; names file, line and item
    """
    parts = _decoded(encoded)
    try:
        branch = branch_named(user, name, Permission.CONTENT_EDIT)
    except NotFound:
        _check_no_branch(user, name)
        _check_new(user, name, parts)
        upload(name=name, parts=parts, user=user)
        return
    push(branch=branch, parts=parts, author=_author(user, branch))


def push_files(*, user: User, name: str, files: Mapping[str, bytes], force: bool) -> Done:
    """Push the files of a project to the assistant or branch of that name, as the CLI would.

    :raises NotFound: there is none of that name
    :raises PushRefused: others changed the same since, and `force` is not given
    :raises ImportFailed: a file cannot be read; names file, line and item
    """
    branch = branch_named(user, name, Permission.CONTENT_EDIT)
    try:
        project = read_files(files)
    except ProjectError as error:
        raise import_failed(error) from error
    parts = parts_to_push(project)
    return push(branch=branch, parts=parts, author=_author(user, branch), force=force)


def _author(user: User, branch: Branch) -> Author:
    allowed = permissions_in(user, branch.assistant) or frozenset()
    may_change_settings = Permission.SETTINGS_EDIT in allowed
    return Author(user, Door.CLI, "Pushed", may_change_settings=may_change_settings)


def _check_no_branch(user: User, name: str) -> None:
    """Whoever mistypes a branch does not want another assistant.

    :raises NotFound: the name is of a branch of an assistant that is there
    """
    own, at, branch = name.rpartition("@")
    if not at:
        return
    try:
        access_named(user, own, Permission.CONTENT_EDIT)
    except NotFound:
        return
    raise NotFound(f"The assistant “{own}” has no branch “{branch}”.")


def _check_new(user: User, name: str, parts: Parts) -> None:
    if Permission.ASSISTANT_CREATE not in permissions_of(user):
        raise MissingPermission(Permission.ASSISTANT_CREATE, user)
    if parts.flows is None and parts.domain is None and not parts.nlu:
        raise NotFound(f"There is no assistant “{name}”. Upload the whole project first.")
    if _NO_FOLDER.search(name):
        detail = (
            "The Rasa CLI makes a folder of the name of an assistant: without / and \\, without"
            " two dots, not beginning with a dot."
        )
        raise Invalid(detail, errors=[FieldProblem(field="assistantName", message=detail)])


def _decoded(encoded: EncodedParts) -> Parts:
    texts: dict[str, str] = {}
    for name in PART_FILES:
        given = getattr(encoded, name)
        if given is not None:
            text = _text(name, given)
            if text.strip() or name in _MAY_BE_EMPTY:
                texts[name] = text
    for name, prompt in encoded.prompts.items():
        if len(prompt) > _MAX_PROMPT:
            message = f"A prompt has {_MAX_PROMPT} characters at most."
            raise TooLarge(message, errors=[FieldProblem(field=f"prompts.{name}", message=message)])
    return Parts(**texts, prompts=encoded.prompts)


def _text(name: str, given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        what = "UTF-8" if isinstance(error, UnicodeDecodeError) else "base64"
        message = f"This is not {what}: {error}."
        raise Invalid(message, errors=[FieldProblem(file=name, message=message)]) from error
