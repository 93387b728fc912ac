"""`manage.py versions WORD …`: what was trained; `versions --help` lists the words."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import CommandError, CommandParser

from modelservice.project.archive import pack_files
from studio.accounts.command import StudioCommand
from studio.accounts.roles import Permission
from studio.assistants.access import access_named
from studio.assistants.models import Assistant
from studio.audit.models import Action
from studio.content.models import MAIN
from studio.content.selectors.items import branch_get
from studio.model_service import client as model_service
from studio.versions import services
from studio.versions.lifecycle import RUNNING, Status
from studio.versions.models import Version
from studio.versions.selectors import (
    LATEST,
    log_part,
    model_chunks,
    running_log,
    version_document,
    version_get,
    version_named,
    versions,
)
from studio.versions.watching import Bystander

_LIST = ("number", "name", "status", "created_at", "created_by", "duration_seconds", "note")
_POLL_SECONDS = 0.2


class Command(StudioCommand):
    help = "List, train, start, stop and download versions of assistants."
    examples = (
        "manage.py versions list Bank",
        "manage.py versions train Bank --name 1.4 --note 'for the branch offices'",
        "manage.py versions train Bank --branch work --flow transfer_money --no-wait",
        "manage.py versions show Bank latest --json",
        "manage.py versions activate Bank 1.4",
        "manage.py versions stop Bank",
        "manage.py versions log Bank 12",
        "manage.py versions download Bank 1.4 --output bank.tar.gz",
        "manage.py versions download Bank --input",
    )

    def add_words(self) -> None:
        listed = self.word("list", "all versions, the newest first", "assistant")
        listed.add_argument("--search", default="", help="words of name and note, or the number")
        listed.add_argument("--named", action="store_true", help="only those with a name")
        self._of_version("show", "everything about one")
        train = self.word("train", "train the newest content, and wait for it", "assistant")
        train.add_argument("--branch", default=MAIN)
        train.add_argument(
            "--flow", action="append", help="only this flow, and further ones; by default all"
        )
        train.add_argument("--name", default="", help="of the version")
        train.add_argument("--note", default="")
        train.add_argument("--no-wait", action="store_true", help="end once it has begun")
        self._of_version("activate", "start one that was trained", newest_trained=True)
        self._of_version("stop", "stop its training, or its running assistant")
        log = self._of_version("log", "what its training has written")
        log.add_argument(
            "--running", action="store_true", help="what its running assistant has written"
        )
        download = self._of_version("download", "its model, as a file", newest_trained=True)
        download.add_argument("--input", action="store_true", help="what it was trained from")
        download.add_argument("--output", help="path; by default by its name here; - is the output")

    def _of_version(self, name: str, about: str, *, newest_trained: bool = False) -> CommandParser:
        parser = self.word(name, about, "assistant")
        newest = "the newest trained one" if newest_trained else "the newest"
        parser.add_argument(
            "version", nargs="?", default=LATEST, help=f"name or number; by default {newest}"
        )
        return parser

    def act(self, options: dict[str, Any]) -> None:
        try:
            super().act(options)
        except model_service.Refused as refusal:
            raise CommandError(f"The model service refuses: {refusal.message}") from refusal

    # -- one after the other -----------------------------------------------------------------

    def _list(self, options: dict[str, Any]) -> None:
        assistant = self._entered(options, Permission.ASSISTANT_VIEW)
        rows = versions(assistant, search=options["search"], named=options["named"])
        self.table(_LIST, [version_document(version) for version in rows])

    def _show(self, options: dict[str, Any]) -> None:
        self.facts(version_document(self._version(options, Permission.ASSISTANT_VIEW)))

    def _train(self, options: dict[str, Any]) -> None:
        assistant = self._entered(options, Permission.TRAINING_RUN)
        version = services.version_start(
            branch=branch_get(assistant.pk, options["branch"]),
            flows=options["flow"],
            name=options["name"],
            note=options["note"],
            user=self.author,
        )
        if not options["no_wait"]:
            version = self._until_still(assistant, version)
        document = version_document(version)
        for warning in document["warnings"]:
            self.stderr.write(f"warning: {warning['message']}")
        self.say(_told(version), document)
        if version.status == Status.FAILED:
            raise CommandError(str((version.error or {}).get("message")))
        if version.status == Status.STOPPED:
            raise CommandError("The training was stopped.")

    def _activate(self, options: dict[str, Any]) -> None:
        version = self._version(options, Permission.ASSISTANT_TRY, trained=True)
        version = services.version_activate(version=version)
        version = self._until_still(version.assistant, version)
        self.say(_told(version), version_document(version))
        if version.status != Status.READY:
            raise CommandError(str((version.error or {}).get("message", "It did not start.")))

    def _stop(self, options: dict[str, Any]) -> None:
        version = self._version(options, Permission.TRAINING_RUN)
        version = services.version_stop(version=version)
        self.say(_told(version), version_document(version))

    def _log(self, options: dict[str, Any]) -> None:
        if options["running"]:
            text = running_log(self._version(options, Permission.ASSISTANT_TRY))
        else:
            text = log_part(self._version(options, Permission.ASSISTANT_VIEW), 0).text
        self.say(text, {"log": text})

    def _download(self, options: dict[str, Any]) -> None:
        version = self._version(options, Permission.MODEL_DOWNLOAD, trained=True)
        if options["input"]:
            name = f"version-{version.number}-input.zip"
            content: Iterable[bytes] = [pack_files(services.input_of(version).as_files())]
            action = Action.TRAINING_INPUT_DOWNLOADED
        else:
            name = f"{version.model_name}.tar.gz"
            content = model_chunks(version)
            action = Action.MODEL_DOWNLOADED
        services.audit(action, version)
        with self.progress(f"downloading {name}"):
            self.write_file(options["output"] or name, content)

    # -- what they share ---------------------------------------------------------------------

    def _until_still(self, assistant: Assistant, version: Version) -> Version:
        """Tells what happens until nothing of it runs any more; Ctrl-C ends only the waiting."""
        bystander = Bystander()
        with self.progress(_told(version)) as progress:
            while version.status in RUNNING:
                bystander.look(version)
                version = version_get(assistant, version.pk)
                progress.text = _told(version)
                time.sleep(_POLL_SECONDS)
        return version

    def _entered(self, options: Mapping[str, Any], permission: Permission) -> Assistant:
        return access_named(self.person, options["assistant"], permission)

    def _version(
        self, options: Mapping[str, Any], permission: Permission, *, trained: bool = False
    ) -> Version:
        assistant = self._entered(options, permission)
        return version_named(assistant, options["version"], trained=trained)


def _told(version: Version) -> str:
    text = f"{version.assistant.name}, version {version.number}: {version.status}"
    if version.queue_position:
        return f"{text}, place {version.queue_position} of the queue"
    if version.status == Status.TRAINING:
        return f"{text}, {version.progress} % {version.phase}".rstrip()
    return text
