"""A file that pages write, edited as a text: what it says becomes the items."""

from modelservice.project.errors import Finding, ProjectError
from modelservice.project.model import Kind, Project
from modelservice.project.project_reader import read_files
from modelservice.project.project_writer import write_files
from studio.common.errors import FieldProblem, Invalid
from studio.content.errors import RevisionConflict
from studio.content.models import Branch
from studio.content.selectors.files import any_file_document, is_of
from studio.content.selectors.project import project_of, rows_of
from studio.content.services.projects import changes_of
from studio.content.services.write import Author, Change, commit, lock


def item_file_update(
    *, branch: Branch, path: str, text: str, revision: int, author: Author
) -> None:
    """Store the items of one file as this text has them, in one commit.

    Other files stay as they are. Call it in a transaction.

    :raises Invalid: the text cannot be read, or defines what another file does; with the line
    :raises RevisionConflict: an item of the file was changed after `revision`
    """
    branch = lock(branch)
    now = any_file_document(branch, path, with_secrets=True)
    if now["revision"] != revision:
        who = now["updated_by"]["name"] if now["updated_by"] else "Somebody"
        detail = f"{who} changed what is in this file after you opened it."
        raise RevisionConflict(detail, current=now, conflicts=[])
    if now["body"] != text:
        files = {**write_files(project_of(branch)), path: text.encode("utf-8")}
        commit(branch=branch, author=author, changes=_changes(branch, path, _read(files, path)))


def _read(files: dict[str, bytes], path: str) -> Project:
    try:
        return read_files(files)
    except ProjectError as error:
        raise Invalid(
            error.findings[0].message,
            errors=[_problem(one, path) for one in error.findings],
        ) from error
    except RecursionError as error:
        raise Invalid("This file is nested too deeply.") from error


def _problem(finding: Finding, path: str) -> FieldProblem:
    if finding.line is None or finding.file not in {path, None}:
        return FieldProblem(field="body", message=finding.message)
    return FieldProblem(field="body", message=finding.message, line=finding.line)


def _changes(branch: Branch, path: str, project: Project) -> list[Change]:
    here = {(row[0], row[1]): row for row in rows_of(branch)}
    changes = [change for change in changes_of(project) if change.path == path]
    if all(change.kind in {Kind.SOURCE, Kind.FILE} for change in changes):
        message = "Nothing would be left of this file: delete what is in it on its page."
        raise Invalid(message, errors=[FieldProblem(field="body", message=message, line=1)])
    for change in changes:
        stored = here.get(change.identity)
        if stored is not None and not is_of(path, *stored[:3]):
            message = f"“{change.key}” stands in {stored[2] or 'another file'}, too."
            raise Invalid(message, errors=[FieldProblem(field="body", message=message)])
    named = {change.identity for change in changes}
    gone = [
        Change(kind, key, None)
        for (kind, key), row in here.items()
        if is_of(path, *row[:3]) and (kind, key) not in named and kind != Kind.SOURCE
    ]
    return [*changes, *gone]
