"""Whole projects: a new assistant of one, and an import into an assistant that is there."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from modelservice.project.archive import read_archive
from modelservice.project.config_text import ConfigFacts, config_facts
from modelservice.project.errors import Finding, ProjectError
from modelservice.project.file_roles import FileRole, role_of
from modelservice.project.model import Item as ProjectItem
from modelservice.project.model import Kind, Project, Text, TextKind
from modelservice.project.project_reader import (
    DEFAULT_CONFIG,
    read_files,
    read_zip,
    read_zip_in_part,
)
from modelservice.project.project_writer import text_of as text_of_item
from modelservice.project.yaml_writer import to_yaml
from studio.accounts.models import User
from studio.assistants.models import Assistant
from studio.assistants.services import check_name, name_taken
from studio.audit.models import Action
from studio.audit.services import record
from studio.content.errors import TooLarge, import_failed
from studio.content.models import MAIN, Branch, Door
from studio.content.selectors.project import project_of, source_body
from studio.content.selectors.samples import Sample
from studio.content.services.blobs import Value
from studio.content.services.languages import with_further_languages
from studio.content.services.publishing import publish_assistant_changed
from studio.content.services.write import Author, Change, commit

_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Imported:
    assistant: Assistant
    project: Project


def assistant_create(
    *, name: str, language: str, further: Sequence[str] = (), user: User, starter: bool = False
) -> Assistant:
    """With a simple config.yml and nothing else, or a greeting and one flow to begin with: in the
    language, where we have words of it, else in English. `further` are its additional languages."""
    slug = _NOT_IN_ID.sub("-", name.lower()).strip("-") or "assistant"
    # Through YAML, so that a code such as `no` stays a text.
    config = DEFAULT_CONFIG.format(language=to_yaml(language).split("\n", 1)[0], assistant_id=slug)
    project = read_files(_files_of(_starter(language))) if starter else Project()
    project.texts[TextKind.CONFIG] = Text("config.yml", config)
    if further:
        _add_languages(project, further)
    return project_store(project=project, name=name, author=Author(user))


def _add_languages(project: Project, codes: Sequence[str]) -> None:
    """:raises Invalid: one of them is there already"""
    config = project.texts[TextKind.CONFIG]
    text = with_further_languages(config.text, codes, field="additional_languages")
    project.texts[TextKind.CONFIG] = Text(config.path, text)


def _starter(language: str) -> Path:
    own = Path(settings.STARTER_DIR) / language.split("-", 1)[0].lower()
    return own if own.is_dir() else Path(settings.STARTER_DIR) / "en"


def assistant_create_from_sample(
    *, name: str, sample: Sample, further: Sequence[str] = (), user: User
) -> Assistant:
    """Through the same code as an import, so that samples prove it.

    `further` are languages beside those of the sample.
    """
    project = read_files(_files_of(Path(settings.SAMPLES_DIR) / sample.id))
    if further:
        _add_languages(project, further)
    return project_store(
        project=project,
        name=name,
        author=Author(user, Door.IMPORT, f"Made from the sample “{sample.name}”"),
        description=sample.description,
        icon=sample.icon,
    )


def _files_of(root: Path) -> dict[str, bytes]:
    """The files of a project that comes with Studio."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "sample.json"
    }


def assistant_duplicate(*, branch: Branch, name: str, user: User) -> Assistant:
    """A new assistant with the newest content; its history begins with the copy."""
    assistant = branch.assistant
    project = project_of(branch)
    for item in project.items:
        item.text = text_of_item(item) if item.base is not None else item.text
        item.base = None
    return project_store(
        project=project,
        name=name,
        author=Author(user, Door.IMPORT, f"Copied from “{assistant.name}”"),
        description=assistant.description,
        icon=assistant.icon,
    )


def assistant_import(*, content: bytes, name: str, user: User) -> Imported:
    """Read a zip and store it as a new assistant; nothing is left behind when it fails.

    :raises ImportFailed: with `errors`, each with file, line and item where known
    """
    project = project_read(content)
    author = Author(user, Door.IMPORT, "Imported")
    return Imported(project_store(project=project, name=name, author=author), project)


def project_read(content: bytes) -> Project:
    """:raises ImportFailed: with every finding"""
    _check_size(len(content), "zip")
    try:
        return read_zip(content)
    except ProjectError as error:
        raise import_failed(error) from error


def project_read_in_part(content: bytes) -> tuple[Project, list[Finding]]:
    """The project without the files that cannot be read, and what is wrong with those.

    :raises ImportFailed: nothing of it can be read
    """
    _check_size(len(content), "zip")
    try:
        return read_zip_in_part(content)
    except ProjectError as error:
        raise import_failed(error) from error


def _check_size(count: int, what: str) -> None:
    if count > settings.IMPORT_MAX_BYTES:
        megabytes = settings.IMPORT_MAX_BYTES // 1024 // 1024
        raise TooLarge(f"The {what} is larger than {megabytes} MB.")


def files_in(path: Path) -> Mapping[str, bytes]:
    """The files of a project in a zip or in a folder, as an import of it reads them.

    :raises ImportFailed: it is no zip, or one that is not safe to unpack
    :raises OSError:
    """
    if path.is_dir():
        return _files_in_folder(path)
    content = path.read_bytes()
    _check_size(len(content), "zip")
    try:
        return read_archive(content).files
    except ProjectError as error:
        raise import_failed(error) from error


def _files_in_folder(root: Path) -> Mapping[str, bytes]:
    """Without what Rasa has made, and without links that lead out of the folder."""
    files: dict[str, bytes] = {}
    total = 0
    for path in sorted(_below(root)):
        if path.is_file() and path.resolve().is_relative_to(root.resolve()):
            total += path.stat().st_size
            _check_size(total, "folder")
            files[path.relative_to(root).as_posix()] = path.read_bytes()
    return files


def _below(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = [name for name in folders if not _is_made(here / name / "any", root)]
        yield from (here / name for name in names)


def _is_made(path: Path, root: Path) -> bool:
    return role_of(path.relative_to(root).as_posix()) is FileRole.SKIPPED


@transaction.atomic
def project_store(
    *, project: Project, name: str, author: Author, description: str = "", icon: str = ""
) -> Assistant:
    """:raises NameTaken: there is a living assistant of that name"""
    name = check_name(name)
    config = project.texts.get(TextKind.CONFIG)
    facts = config_facts(config.text) if config else ConfigFacts()
    try:
        with transaction.atomic():
            assistant = Assistant.objects.create(
                name=name,
                description=description,
                icon=icon,
                language=facts.language,
                additional_languages=facts.additional_languages,
                configured_id=facts.assistant_id,
                updated_by=author.user,
            )
    except IntegrityError as error:
        raise name_taken(name) from error
    simple = DEFAULT_CONFIG.format(language="en", assistant_id=f"assistant-{assistant.pk}")
    own = {
        TextKind.CONFIG: Text("config.yml", simple),
        TextKind.ENDPOINTS: Text("endpoints.yml", ""),
    }
    # Without a path: a file that no project brought, and that is exported once it holds something.
    added = [
        Change(kind.value, text.path, Value(text.text), path="", position=0)
        for kind, text in own.items()
        if kind not in project.texts
    ]
    branch = Branch.objects.create(assistant=assistant, name=MAIN, created_by=author.user)
    commit(branch=branch, author=author, changes=[*added, *changes_of(project)])
    record(
        Action.ASSISTANT_CREATED, target_id=assistant.pk, target=name, how=author.message or "empty"
    )
    publish_assistant_changed(assistant.pk)
    return assistant


def changes_of(project: Project) -> list[Change]:
    """All that the project holds, as changes of an assistant that has nothing yet."""
    changes = [
        Change(kind.value, text.path, Value(text.text), path=text.path, position=0)
        for kind, text in project.texts.items()
    ]
    changes.extend(
        Change(Kind.FILE.value, kept.path, Value(content=kept.content), kept.path, 0)
        for kept in project.kept
    )
    changes.extend(
        Change(Kind.SOURCE.value, source.path, Value(source_body(source)), source.path, 0)
        for source in project.sources
    )
    changes.extend(_change_of(item) for item in project.items)
    return changes


def _change_of(item: ProjectItem) -> Change:
    value = Value(item.body, item.text)
    return Change(item.kind.value, item.key, value, item.source_path or "", item.position)
