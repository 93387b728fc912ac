"""`manage.py model_service list | stop ID | clean`: for operators."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from studio.common.command import CommandWithExamples
from studio.common.errors import DomainError
from studio.model_service import client as model_service
from studio.versions.selectors import all_versions, model_names

_DAY = 86_400
_MEGABYTE = 1_000_000


class Command(CommandWithExamples):
    help = "List, stop and clear away what the model service has."
    examples = (
        "manage.py model_service list --json",
        "manage.py model_service stop 0192b1de-1",
        "manage.py model_service clean --older-than-days 30 --dry-run",
    )

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        listed = commands.add_parser("list", help="trainings and bots that run, and models")
        listed.add_argument("--json", action="store_true")
        stop = commands.add_parser("stop", help="stop a training or a bot")
        stop.add_argument("id", help="of the training or of the deployment, as `list` shows it")
        clean = commands.add_parser(
            "clean", help="remove models that no version has, and records of what has ended"
        )
        clean.add_argument("--older-than-days", type=float, default=1.0)
        clean.add_argument("--dry-run", action="store_true", help="only say what would go")
        clean.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['command']}")(options)
        except DomainError as error:
            raise CommandError(error.detail) from error
        except model_service.Refused as refusal:
            text = f"The model service refuses: {refusal.message} (is it Rasa's own?)"
            raise CommandError(text) from refusal

    def _list(self, options: dict[str, Any]) -> None:
        state = model_service.overview()
        bots = [bot for bot in state["bots"] if bot["status"] != "stopped"]
        found = {"trainings": state["trainings"], "bots": bots, "models": model_service.models()}
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
            return
        names = _names()
        for training in found["trainings"]:
            name = names.get(training["training_id"], "of no version")
            self.stdout.write(f"training  {training['training_id']}  {training['status']}  {name}")
        for bot in bots:
            name = names.get(bot["deployment_id"], "of no version")
            self.stdout.write(f"bot       {bot['deployment_id']}  {bot['status']}  {name}")
        for model in found["models"]:
            name = names.get(model["model_name"], "of no version")
            size = model["bytes"] / _MEGABYTE
            self.stdout.write(f"model     {model['model_name']}  {size:.1f} MB  {name}")

    def _stop(self, options: dict[str, Any]) -> None:
        wanted = options["id"]
        if model_service.training_state(wanted) is not None:
            model_service.stop_training(wanted)
        elif model_service.bot_state(wanted) is not None:
            model_service.stop_bot(wanted)
        else:
            raise CommandError(f"There is no training and no bot {wanted!r}.")
        self.stdout.write(f"Stopped {wanted}.")

    def _clean(self, options: dict[str, Any]) -> None:
        cleaned = model_service.clean(
            keep=model_names(),
            older_than_seconds=options["older_than_days"] * _DAY,
            dry_run=options["dry_run"],
        )
        if options["json"]:
            self.stdout.write(json.dumps(cleaned, indent=2))
            return
        verb = "Would remove" if options["dry_run"] else "Removed"
        self.stdout.write(
            f"{verb} {len(cleaned['models'])} models ({cleaned['bytes'] / _MEGABYTE:.1f} MB), "
            f"{len(cleaned['environments'])} environments of actions, and the records of "
            f"{len(cleaned['trainings'])} trainings and {len(cleaned['bots'])} bots."
        )


def _names() -> dict[str, str]:
    """What versions call themselves, by id of training, of deployment, and by name of model."""
    names = {}
    for version in all_versions():
        name = f"{version.assistant.name}, version {version.number}"
        for key in (str(version.pk), version.deployment, version.model_name):
            names[key] = name
    return names
