"""`manage.py audit list`: who did what, when and from where."""

from typing import Any

from studio.accounts.command import StudioCommand
from studio.accounts.roles import Permission
from studio.audit import selectors
from studio.audit.models import Action, Entry
from studio.audit.services import record


class Command(StudioCommand):
    help = "List what was done, the newest first. As JSON it is an export, which is on record."
    examples = (
        "manage.py audit list --since 2026-01-01 --until 2026-02-01",
        "manage.py audit list --user ana --action assistant.deleted --json",
    )

    def add_words(self) -> None:
        listed = self.word("list", "the activity record, as it comes out of the database")
        listed.add_argument("--user", help="user name, exactly")
        listed.add_argument("--action", choices=Action.values, metavar="ACTION")
        listed.add_argument("--target", help="id of what was acted on")
        listed.add_argument("--search", help="words of user name, target or address")
        listed.add_argument("--since", help="2026-01-31 or 2026-01-31T18:00:00Z")
        listed.add_argument("--until", help="before this")

    def _list(self, options: dict[str, Any]) -> None:
        self.require(Permission.USER_MANAGE)
        given = {"actor": options["user"], **{name: options.get(name) for name in _SAME}}
        filters = {name: value for name, value in given.items() if value}
        rows = selectors.entries(filters)
        if self._as_json:
            record(Action.AUDIT_EXPORTED, format="json", filters=filters)
            for piece in selectors.as_json(rows):
                self.stdout.write(piece, ending="")
            return
        for entry in rows.iterator():
            self.stdout.write(_line(entry))


_SAME = ("action", "target", "search", "since", "until")


def _line(entry: Entry) -> str:
    detail = "  ".join(f"{name}={value}" for name, value in entry.detail.items())
    where = f" from {entry.address}" if entry.address else ""
    what = f"{entry.action}  {entry.target}  {detail}"
    return f"{entry.at:%Y-%m-%d %H:%M:%S}  {entry.actor}{where}  {what}".rstrip()
