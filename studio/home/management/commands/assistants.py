"""`manage.py assistants WORD …`: assistants as a whole; `assistants --help` lists the words."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from modelservice.project.model import Project
from studio.accounts.command import StudioCommand
from studio.accounts.roles import Permission
from studio.assistants import services
from studio.assistants.access import access, access_named, permissions_in
from studio.assistants.models import Assistant
from studio.assistants.selectors import member_document, members
from studio.common.command import positive
from studio.common.errors import NotFound
from studio.content.models import MAIN, Branch, Door
from studio.content.selectors.branches import branch_document, branch_documents, branches
from studio.content.selectors.history import commit_documents, commits, compare
from studio.content.selectors.items import branch_get
from studio.content.selectors.merge_preview import merge_preview
from studio.content.services.branches import branch_create, branch_merge
from studio.content.services.exports import ExportChoice, export_make
from studio.content.services.imports import project_import
from studio.content.services.projects import (
    files_in,
    project_read,
    project_store,
)
from studio.content.services.restore import restore
from studio.content.services.uploads import push_files
from studio.content.services.write import Author
from studio.home.deletion import assistant_delete, assistant_purge, assistants_purge
from studio.home.selectors import assistant_document, assistant_documents, assistants

_LIST = ("name", "flow_count", "updated_at", "updated_by", "id")
_HISTORY = ("number", "at", "author", "door", "item_count", "message")
_BRANCHES = ("name", "protected", "head", "parent", "start", "error_count")
_VIEW, _EDIT = Permission.ASSISTANT_VIEW, Permission.CONTENT_EDIT


class Command(StudioCommand):
    help = "List, show, import, export, delete, compare, restore and merge assistants."
    examples = (
        "manage.py assistants list --search bank",
        "manage.py assistants show Bank --json",
        "manage.py assistants import bank.zip --name Bank --as ana",
        "manage.py assistants import bank.zip --into Bank --branch work --mode replace",
        "manage.py assistants export Bank --output bank.zip",
        "manage.py assistants history Bank --branch work --limit 5",
        "manage.py assistants diff Bank main@3 main",
        "manage.py assistants restore Bank 3",
        "manage.py assistants branches Bank",
        "manage.py assistants branch Bank work --from main@3",
        "manage.py assistants merge Bank work --take theirs",
        "manage.py assistants push . Bank@work --as ana",
        "manage.py assistants push . Bank --as ana --force",
        "manage.py assistants members Bank",
        "manage.py assistants delete Bank",
        "manage.py assistants deleted",
        "manage.py assistants undelete 6f9619ff-8b86-4011-b42d-00c04fc964ff",
        "manage.py assistants purge --older-than-days 30",
    )

    def add_words(self) -> None:
        listed = self.word("list", "all assistants, the last edited first")
        listed.add_argument("--search", default="", help="words of name and description")
        self.word("show", "everything about one, with its problems", "name")
        self._add_words_of_projects()
        self._add_words_of_history()
        push = self.word(
            "push", "a folder, or a zip, as `rasa studio push` does; it needs --as", "folder"
        )
        push.add_argument("name", help="of the assistant, or NAME@BRANCH")
        push.add_argument(
            "--force", action="store_true", help="what others changed, too, is as in the folder"
        )
        self.word("members", "who has which role in one that is not open to all", "name")
        self.word("delete", "delete one; it can be restored for a while", "name")
        self.word("deleted", "what is deleted, with ids")
        self.word("undelete", "bring a deleted one back", "id")
        purge = self.word("purge", "remove content, versions and conversations for good")
        which = purge.add_mutually_exclusive_group(required=True)
        which.add_argument("--id", help="a deleted one")
        which.add_argument("--older-than-days", type=int, help="all deleted so long ago")

    def _add_words_of_projects(self) -> None:
        imported = self.word("import", "a zip as a new assistant, or into one", "file")
        imported.add_argument("--name", help="of the new assistant; by default that of the file")
        imported.add_argument("--into", help="name of an assistant that is there")
        imported.add_argument("--branch", default=MAIN)
        imported.add_argument(
            "--mode", choices=["merge", "replace"], default="merge", help="with --into"
        )
        export = self.word("export", "as a zip; - writes it to the output", "name")
        export.add_argument("--output", help="path; by default NAME.zip here")
        export.add_argument("--branch", default=MAIN)

    def _add_words_of_history(self) -> None:
        history = self.word("history", "commits, the newest first", "name")
        history.add_argument("--branch", default=MAIN)
        history.add_argument("--limit", type=positive, default=20)
        self.word("diff", "what differs, such as main@3 main, or main work", "name", "one", "other")
        restored = self.word("restore", "back to an older commit, by a new one", "name")
        restored.add_argument("commit", type=int)
        restored.add_argument("--branch", default=MAIN)
        self.word("branches", "all branches", "name")
        branch = self.word("branch", "begin a branch", "name", "branch")
        branch.add_argument("--from", dest="begins", default=MAIN, help="BRANCH or BRANCH@COMMIT")
        merge = self.word("merge", "bring a branch into another one", "name", "branch")
        merge.add_argument("--into", default=MAIN)
        merge.add_argument(
            "--take", choices=["mine", "theirs"], help="whose change stands where both changed"
        )

    # -- one after the other -----------------------------------------------------------------

    def _list(self, options: dict[str, Any]) -> None:
        rows = assistants(self.person, search=options["search"])
        self.table(_LIST, assistant_documents(rows, self.person))

    def _show(self, options: dict[str, Any]) -> None:
        document = assistant_document(self._entered(options, _VIEW), self.person)
        lines = (f"{name.replace('_', ' ')}: {value}" for name, value in document.items())
        self.say("\n".join(lines), document)

    def _import(self, options: dict[str, Any]) -> None:
        path = Path(options["file"])
        with self.progress(f"reading {path}") as progress:
            try:
                project = project_read(path.read_bytes())
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from error
            progress.text = f"storing {path}"
            if options["into"]:
                self._import_into(project, options)
            else:
                self._import_as_new(project, options["name"] or path.stem)
        for finding in project.warnings:
            self.stderr.write(f"{finding.file or ''}: {finding.message}".lstrip(": "))

    def _import_into(self, project: Project, options: Mapping[str, Any]) -> None:
        assistant = self._entered({"name": options["into"]}, _EDIT)
        made = project_import(
            branch=branch_get(assistant.pk, options["branch"]),
            project=project,
            mode=options["mode"],
            author=self._write_as(assistant, Door.IMPORT, "Imported"),
        )
        done = "Nothing was new." if made is None else f"Imported as commit {made.number}."
        self.say(done, {"commit": made and made.number})

    def _import_as_new(self, project: Project, name: str) -> None:
        self.require(Permission.ASSISTANT_CREATE)
        author = Author(self.author, Door.IMPORT, "Imported")
        assistant = project_store(project=project, name=name, author=author)
        self.say(f"“{assistant.name}” was made.", {"id": assistant.pk, "name": assistant.name})

    def _export(self, options: dict[str, Any]) -> None:
        assistant = self._entered(options, _VIEW)
        export = export_make(
            branch=branch_get(assistant.pk, options["branch"]),
            choice=ExportChoice(),
            with_secrets=self._may(assistant, Permission.SETTINGS_EDIT),
        )
        path = options["output"] or export.file_name
        self.write_file(path, [export.content])
        if path == "-":
            return
        self.say(f"“{assistant.name}” is in {path}.", {"path": path})

    def _history(self, options: dict[str, Any]) -> None:
        branch = self._branch_named(options, _VIEW)
        newest = commits(branch, {}).order_by("-number")[: options["limit"]]
        self.table(_HISTORY, commit_documents(newest))

    def _diff(self, options: dict[str, Any]) -> None:
        assistant = self._entered(options, _VIEW)
        one, other = (self._place(assistant, options[name]) for name in ("one", "other"))
        found = compare(one, other, with_secrets=self._may(assistant, Permission.SETTINGS_EDIT))
        lines = [
            line
            for item in found
            for line in (
                f"{item['kind']} {item['key']}: {item['action']}",
                *(f"  {change['sentence']}" for change in item["changes"]),
            )
        ]
        self.say("\n".join(lines) or "Nothing differs.", found)

    def _restore(self, options: dict[str, Any]) -> None:
        branch = self._branch_named(options, _EDIT)
        author = self._write_as(branch.assistant, Door.RESTORE, f"Back to {options['commit']}")
        done = restore(branch=branch, number=options["commit"], items=None, author=author)
        number = done.commit and done.commit.number
        text = "It is as it was then." if number is None else f"Restored as commit {number}."
        self.say(text, {"commit": number, "problems": done.problems})

    def _branches(self, options: dict[str, Any]) -> None:
        rows = branches(self._entered(options, _VIEW))
        self.table(_BRANCHES, branch_documents(rows))

    def _branch(self, options: dict[str, Any]) -> None:
        assistant = self._entered(options, _EDIT)
        parent, number = self._place(assistant, options["begins"])
        made = branch_create(
            parent=parent, name=options["branch"], number=number or None, user=self.author
        )
        self.say(f"“{made.name}” begins at {parent.name}@{made.start}.", branch_document(made))

    def _merge(self, options: dict[str, Any]) -> None:
        assistant = self._entered(options, _EDIT)
        source = branch_get(assistant.pk, options["branch"])
        into = branch_get(assistant.pk, options["into"])
        asked = merge_preview(source, into, with_secrets=False)["conflicts"]
        if asked and options["take"] is None:
            places = [" ".join(filter(None, _place_of(each))) for each in asked]
            detail = "Both changed this; say whose change stands with --take:"
            raise CommandError("\n  ".join([detail, *places]))
        made = branch_merge(
            source=source,
            into=into,
            resolutions={
                (each["kind"], each["key"], tuple(each["pointer"])): options["take"]
                for each in asked
            },
            author=self._write_as(assistant, Door.MERGE, f"Merged “{source.name}”"),
        )
        self.say(f"Merged as commit {made.number}.", {"commit": made.number})

    def _members(self, options: dict[str, Any]) -> None:
        rows = members(self._entered(options, _VIEW))
        documents = [member_document(member) for member in rows]
        self.table(("username", "group", "role", "id"), documents)

    def _delete(self, options: dict[str, Any]) -> None:
        assistant = self._entered(options, Permission.ASSISTANT_DELETE)
        assistant_delete(assistant=assistant)
        self.say(f"“{assistant.name}” is deleted; its id is {assistant.pk}.", {"id": assistant.pk})

    def _deleted(self, _options: dict[str, Any]) -> None:
        rows = assistants(self.person, deleted=True)
        self.table(("id", "deleted_at", "name"), assistant_documents(rows, self.person))

    def _undelete(self, options: dict[str, Any]) -> None:
        gone = self._gone(options["id"], Permission.ASSISTANT_DELETE)
        assistant = services.assistant_undelete(assistant=gone)
        self.say(f"“{assistant.name}” is back.", {"id": assistant.pk, "name": assistant.name})

    def _purge(self, options: dict[str, Any]) -> None:
        self.require(Permission.ASSISTANT_PURGE)
        with self.progress("purging"):
            if options["id"]:
                assistant = self._gone(options["id"], Permission.ASSISTANT_PURGE)
                assistant_purge(assistant=assistant)
                names = [assistant.name]
            else:
                moment = datetime.now(UTC) - timedelta(days=options["older_than_days"])
                names = assistants_purge(deleted_before=moment)
        told = [f"“{name}” was purged." for name in names] or ["Nothing was purged."]
        self.say("\n".join(told), {"purged": names})

    def _push(self, options: dict[str, Any]) -> None:
        if self.author is None:
            raise CommandError("Say by --as whose push it is: it begins where they last pulled.")
        path = Path(options["folder"])
        try:
            files = files_in(path)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        with self.progress(f"pushing {path}"):
            done = push_files(
                user=self.author, name=options["name"], files=files, force=options["force"]
            )
        number = done.commit and done.commit.number
        told = ["Nothing was new." if number is None else f"Pushed as commit {number}."]
        told += [f"overridden: {sentence}" for sentence in done.overridden]
        self.say("\n".join(told), {"commit": number, "overridden": done.overridden})

    # -- through the door --------------------------------------------------------------------

    def _entered(self, options: Mapping[str, Any], permission: Permission) -> Assistant:
        return access_named(self.person, options["name"], permission)

    def _gone(self, assistant_id: str, needed: Permission) -> Assistant:
        found = None
        with suppress(ValueError, NotFound):
            found = access(self.person, UUID(assistant_id), needed, deleted=True)
        if found is None or found.deleted_at is None:
            raise CommandError(f"There is no deleted assistant with the id {assistant_id}.")
        return found

    def _may(self, assistant: Assistant, permission: Permission) -> bool:
        return permission in (permissions_in(self.person, assistant) or ())

    def _write_as(self, assistant: Assistant, door: Door, message: str) -> Author:
        settings_too = self._may(assistant, Permission.SETTINGS_EDIT)
        return Author(self.author, door, message, may_change_settings=settings_too)

    def _branch_named(self, options: Mapping[str, Any], permission: Permission) -> Branch:
        return branch_get(self._entered(options, permission).pk, options["branch"])

    @staticmethod
    def _place(assistant: Assistant, text: str) -> tuple[Branch, int]:
        """`BRANCH@COMMIT`, or `BRANCH` at its newest."""
        name, at, number = text.partition("@")
        branch = branch_get(assistant.pk, name)
        if at and not number.isdecimal():
            raise CommandError(f"{text}: write BRANCH@COMMIT, such as main@3.")
        return branch, int(number) if at else branch.head


def _place_of(conflict: Mapping[str, Any]) -> tuple[str, str | None, str]:
    where = f"{conflict['kind']} {conflict['key']}"
    return where, conflict["step"] and f"step {conflict['step']}", conflict["field"]
