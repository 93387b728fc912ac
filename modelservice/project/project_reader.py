"""From the files of a Rasa project to its items."""

from collections.abc import Iterable, Iterator, Mapping

from modelservice.project import file_roles
from modelservice.project.archive import ArchiveLimits, read_archive
from modelservice.project.errors import Finding, ProjectError
from modelservice.project.file_roles import FileRole
from modelservice.project.items import ItemReader, Place
from modelservice.project.layout import split
from modelservice.project.model import (
    NOT_USED_SECTIONS,
    PROJECT_SECTIONS,
    Item,
    KeptFile,
    Kind,
    Project,
    SourceFile,
    Text,
    TextKind,
    digest_of,
)
from modelservice.project.yaml_reader import Document, parse_yaml

MAX_FINDINGS = 50
NO_CONFIG = Finding("config.yml is missing; a simple one was added.")
# Without the broken files others may turn out to be broken.
_ROUNDS = 5
DEFAULT_CONFIG = """\
recipe: default.v1
language: {language}
assistant_id: {assistant_id}
pipeline:
- name: CompactLLMCommandGenerator
policies:
- name: FlowPolicy
"""


def read_zip(content: bytes, limits: ArchiveLimits | None = None) -> Project:
    """:raises ProjectError: with every finding that stops the import, at most 50"""
    archive = read_archive(content, limits)
    project = read_files(archive.files)
    project.unused.extend(archive.left_out.items())
    return project


def read_zip_in_part(
    content: bytes, limits: ArchiveLimits | None = None
) -> tuple[Project, list[Finding]]:
    """The same without the files that cannot be read, and what is wrong with those.

    :raises ProjectError: nothing of it can be read
    """
    archive = read_archive(content, limits)
    files, findings = archive.files, list[Finding]()
    for _ in range(_ROUNDS):
        try:
            project = read_files(files)
        except ProjectError as error:
            findings.extend(error.findings)
            broken = {finding.file for finding in error.findings if finding.file in files}
            files = {path: text for path, text in files.items() if path not in broken}
            if not broken:
                break
        else:
            project.unused.extend(archive.left_out.items())
            return project, findings
    raise ProjectError(*findings[:MAX_FINDINGS])


def read_files(files: Mapping[str, bytes]) -> Project:
    """:raises ProjectError: with every finding that stops the import, at most 50"""
    return _Reader(files).read()


def read_files_with_places(
    files: Mapping[str, bytes],
) -> tuple[Project, Mapping[tuple[str, str], Place]]:
    """The same, and where each item is written."""
    reader = _Reader(files)
    project = reader.read()
    return project, reader.places


class _Reader:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._layout = file_roles.layout_of(files)
        self._project = Project()
        self._items = ItemReader()
        self._errors: list[Finding] = []
        # What Rasa itself uses in an assistant without flows, and nobody in one with flows.
        self._classic: list[tuple[str, str]] = []

    @property
    def places(self) -> Mapping[tuple[str, str], Place]:
        return self._items.places

    def read(self) -> Project:
        for path in sorted(self._files):
            try:
                self._file(path, self._files[path])
            except ProjectError as error:
                self._errors.extend(error.findings)
        self._errors.extend(self._items.errors)
        if self._errors:
            raise ProjectError(*self._errors[:MAX_FINDINGS])
        project = self._project
        project.items.extend(self._items.items)
        project.warnings.extend(self._items.warnings)
        self._check_whole()
        self._texts_of_items()
        return project

    def _texts_of_items(self) -> None:
        by_path: dict[str, list[Item]] = {}
        for item in self._project.items:
            by_path.setdefault(item.source_path or "", []).append(item)
        for source in self._project.sources:
            items = by_path.get(source.path, [])
            whole = "".join(part for part in source.segments if isinstance(part, str))
            places = {
                place.path: identity
                for identity, place in self._items.places.items()
                if place.file == source.path
            }
            source.segments, texts = split(whole, places)
            for item in items:
                item.text = texts.get(item.identity)
            source.digests = [(*item.identity, digest_of(item)) for item in items]

    def _file(self, path: str, content: bytes) -> None:
        role = file_roles.role_of(path)
        if role is FileRole.SKIPPED:
            self._project.unused.append((path, "made by Rasa; not stored"))
        elif role is FileRole.TEXT:
            self._text(path, content)
        elif role is FileRole.PROMPT:
            self._prompt(path, content)
        elif role in {FileRole.CONTENT, FileRole.MAYBE_CONTENT}:
            self._content(path, content, required=role is FileRole.CONTENT)
        else:
            self._keep(path, content)

    def _text(self, path: str, content: bytes) -> None:
        text = _decode(path, content)
        value = parse_yaml(text, path).value
        if value is not None and not isinstance(value, dict):
            raise ProjectError(Finding("The file must hold a map (key: value).", path, 1))
        kind = file_roles.text_kind(path)
        if kind in self._project.texts:
            message = f"{path} and {self._project.texts[kind].path} are the same file twice."
            raise ProjectError(Finding(message, path))
        self._project.texts[kind] = Text(path, text)

    def _prompt(self, path: str, content: bytes) -> None:
        self._items.add(Item(Kind.PROMPT, path, {"text": _decode(path, content)}, path), 1)

    def _content(self, path: str, content: bytes, *, required: bool) -> None:
        """`required` files lie where Rasa reads; elsewhere YAML may be anything."""
        try:
            document = parse_yaml(_decode(path, content), path)
        except ProjectError as error:
            if required:
                raise
            self._project.warnings.extend(error.findings)
            self._keep(path, content)
            return
        value = document.value
        if required and not isinstance(value, dict) and value is not None:
            raise ProjectError(Finding("The file must hold a map (key: value).", path, 1))
        if not isinstance(value, dict) or not PROJECT_SECTIONS & value.keys():
            self._keep(path, content, file_roles.what_is(path, value))
            return
        if not required and not self._layout.uses(value):
            self._keep(path, content, file_roles.looks_like(value))
            return
        self._project.warnings.extend(document.warnings)
        self._sections(path, content, document)

    def _sections(self, path: str, content: bytes, document: Document) -> None:
        for name, value in document.value.items():
            if name != "version" and value:
                self._items.read_section(path, document, name)
            if name in NOT_USED_SECTIONS:
                self._classic.append((path, f"{name} are kept; flows do not use them"))
        self._project.sources.append(SourceFile(path, [_decode(path, content)]))

    def _keep(self, path: str, content: bytes, what: str = "") -> None:
        self._project.kept.append(KeptFile(path, content, what or file_roles.what_is(path)))

    def _check_whole(self) -> None:
        project = self._project
        if file_roles.is_mantle(self._files):
            if not project.counts()["flows"]:
                raise ProjectError(Finding(file_roles.NO_MANTLE))
            project.unused.append(("agent.yml", "of Rasa's Mantle engine; not run here"))
        if not project.sources:
            raise ProjectError(
                Finding("This zip holds no Rasa project: there is no flow and no domain in it.")
            )
        project.warnings.extend(_alike_in_other_case(self._files))
        if any(item.kind is Kind.FLOW for item in project.items):
            project.unused.extend(self._classic)
        elif not self._classic:
            project.warnings.append(Finding("The project has no flows."))
        if TextKind.CONFIG not in project.texts:
            project.warnings.append(NO_CONFIG)


def _alike_in_other_case(paths: Iterable[str]) -> Iterator[Finding]:
    by_name: dict[str, str] = {}
    for path in sorted(paths):
        other = by_name.setdefault(path.casefold(), path)
        if other != path:
            message = (
                f"It differs from {other} only in capital letters. Both are kept, but on Windows"
                " and macOS one takes the place of the other: rename one."
            )
            yield Finding(message, path)


def _decode(path: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "The file is not written in UTF-8. Save it as UTF-8 and try again."
        raise ProjectError(Finding(message, path, line)) from error
