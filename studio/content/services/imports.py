"""A project over what an assistant has: what it would change, and the writing of what is chosen."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.db import transaction

from modelservice.project.alignment import canonical
from modelservice.project.checks.content import Identity
from modelservice.project.model import Kind, Project
from studio.common.errors import Invalid
from studio.content.errors import RevisionConflict
from studio.content.merge import MISSING, same
from studio.content.models import Branch, Commit, Item
from studio.content.secrets import MASK, masked_body
from studio.content.services.projects import changes_of
from studio.content.services.texts import copy_facts
from studio.content.services.write import Author, Change, commit, lock

Mode = Literal["merge", "replace"]


@dataclass(frozen=True, slots=True)
class Difference:
    """An item that an import would change; MISSING on the side where it is not."""

    change: Change
    before: Any
    after: Any


@dataclass(slots=True)
class ImportPlan:
    """`changes` is all that would be written, with the lines around items and the layout of those
    that stay the same; `differences` are those that a person is asked about."""

    changes: list[Change] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    # How many items the project has as they are.
    same: int = 0
    # Of everything that is there, the path.
    here: dict[Identity, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Another plan has another one: it depends on both sides of every difference."""
        whole = hashlib.sha256()
        for one in self.differences:
            sides = [None if side is MISSING else [side] for side in (one.before, one.after)]
            text = canonical([*one.change.identity, sides])
            whole.update(f"{text}\n".encode("utf-8", "surrogatepass"))
        return whole.hexdigest()

    def chosen(self, items: Collection[Identity]) -> list[Change]:
        """What brings these items alone. The lines of a new file come along with the first of its
        items; those of a file that is there stay.

        :raises Invalid: the project does not change one of them
        """
        unknown = {*items} - {one.change.identity for one in self.differences}
        if unknown:
            kind, key = min(unknown)
            raise Invalid(f"The project does not change the {kind.replace('_', ' ')} “{key}”.")
        taken = [one.change for one in self.differences if one.change.identity in items]
        paths = {one.path for one in taken if one.value is not None and one.path}
        lines = (one for one in self.changes if one.kind == Kind.SOURCE and one.key in paths)
        new = (one for one in lines if one.identity not in self.here)
        return [*new, *(_where_it_is(one, self.here) for one in taken)]


@transaction.atomic
def project_import(
    *,
    branch: Branch,
    project: Project,
    mode: Mode,
    author: Author,
    items: Collection[Identity] | None = None,
    expected: str = "",
    left_out: Collection[str] = (),
) -> Commit | None:
    """Write an imported project over what a branch holds, as one commit.

    `replace`: afterwards the branch holds what the project holds. `merge`: what the project does
    not name stays. With `items` only these are taken. `expected` is the digest of the plan that
    was seen; empty: whatever it is. `left_out` are files of the project that could not be read:
    what is there of them stays.

    :raises RevisionConflict: the plan is another one by now
    :raises Invalid: the project does not change one of `items`
    """
    branch = lock(branch)
    plan = import_plan(branch, project, mode, left_out)
    if expected and plan.digest != expected:
        detail = "Somebody changed this after you looked at the preview: look at it again."
        raise RevisionConflict(detail, current=None, conflicts=[])
    changes = plan.changes if items is None else plan.chosen(items)
    made = commit(branch=branch, author=author, changes=changes)
    copy_facts(branch, changes)
    return made


def import_plan(
    branch: Branch, project: Project, mode: Mode, left_out: Collection[str] = ()
) -> ImportPlan:
    stored = _stored(branch)
    paths = Item.objects.filter(branch=branch).values_list("kind", "key", "path")
    found = ImportPlan(here={(kind, key): path for kind, key, path in paths})
    for change in _changes(found.here, project, mode, left_out):
        before, after = stored.get(change.identity, MISSING), _shown(change)
        if _is_masked(change.kind, before, after):
            continue
        found.changes.append(change)
        if change.kind == Kind.SOURCE:
            continue
        if same(before, after):
            found.same += 1
        else:
            found.differences.append(Difference(change, before, after))
    return found


def _shown(change: Change) -> Any:
    if change.value is None:
        return MISSING
    content = change.value.content
    return change.value.body if content is None else content.hex()


def _is_masked(kind: str, before: Any, after: Any) -> bool:
    """An export without its secrets brings none: the masks are not written over them."""
    return isinstance(after, str) and MASK in after and masked_body(kind, before) == after


def _stored(branch: Branch) -> dict[Identity, Any]:
    rows = Item.objects.filter(branch=branch).exclude(kind=Kind.SOURCE)
    columns = ("kind", "key", "blob__body", "blob__content")
    return {
        (kind, key): body if content is None else bytes(content).hex()
        for kind, key, body, content in rows.values_list(*columns)
    }


def _changes(
    here: dict[Identity, str], project: Project, mode: Mode, left_out: Collection[str]
) -> Iterable[Change]:
    """What the project holds, and removals of what it leaves out."""
    changes = _in_one_file_each(changes_of(project), here)
    named = {change.identity for change in changes}
    if mode == "merge":
        return [_where_it_is(change, here) for change in changes if _adds(change, here)]
    # Settings of its own stay where the project brings none.
    kept = {kind.value for kind in (Kind.CONFIG, Kind.ENDPOINTS, Kind.CREDENTIALS)}
    changes.extend(
        Change(kind, key, None)
        for (kind, key), path in here.items()
        if (kind, key) not in named and kind not in kept and not {path, key} & {*left_out}
    )
    return changes


def _in_one_file_each(changes: list[Change], here: dict[Identity, str]) -> list[Change]:
    """config.yaml takes the place of config.yml: there is one of each."""
    texts = {kind: key for kind, key in here if kind in {Kind.CONFIG, Kind.ENDPOINTS}}
    return [
        replace(change, key=texts[change.kind], path=texts[change.kind])
        if change.kind in texts
        else change
        for change in changes
    ]


def _adds(change: Change, here: dict[Identity, str]) -> bool:
    """A merge leaves the lines of files that are there alone: their items may have moved."""
    return change.kind != Kind.SOURCE or change.identity not in here


def _where_it_is(change: Change, here: dict[Identity, str]) -> Change:
    if change.identity in here:
        return replace(change, path=None, position=None)
    return replace(change, position=None)
