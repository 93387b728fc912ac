"""What people's files hold: remembered at each pull and push, and the ground of the next merge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from modelservice.project.checks.content import Identity
from modelservice.project.model import Kind
from modelservice.project.parts import Parts, Sent
from studio.accounts.models import User
from studio.content.models import Branch, Checkout, CheckoutItem, Entry
from studio.content.pushed import Known, State, pushed_items, same_body
from studio.content.selectors.project import rows_of
from studio.content.selectors.revisions import bodies_of, line_of
from studio.content.services.blobs import Value, blobs_store
from studio.content.services.write import close, newest_commit

# So many pulls and pushes of one person are kept: people have several copies of a project.
_KEPT = 5
# Without any of them the history is searched so far back.
_MOST_COMMITS = 200
NOT_SENT = {Kind.FILE.value, Kind.SOURCE.value, Kind.CREDENTIALS.value}
# Of these an item stands for itself: it is compared without its neighbours.
_ALONE = {
    *(Kind.FLOW.value, Kind.SYSTEM_FLOW.value, Kind.RESPONSE.value, Kind.SLOT.value),
    *(Kind.ACTION.value, Kind.INTENT.value, Kind.ENTITY.value),
}
Tree = Mapping[Identity, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Different:
    """What somebody's files hold of an item; in a blob that is there, or in one to be made."""

    path: str
    body: Any = None
    blob_id: int | None = None


@transaction.atomic
def checkout_record(
    *,
    branch: Branch,
    user: User,
    sent: Parts | None = None,
    different: Mapping[Identity, Different | None] | None = None,
) -> None:
    """The files of `user` hold the newest content of the branch, but for what is `different` in
    them; None: they have no such item. `sent` is what they pushed, None at a fetch."""
    newest = newest_commit(branch)
    if newest is not None:
        close(newest)
    last = last_push(branch, user)
    made = Checkout.objects.create(
        branch=branch,
        user=user,
        number=branch.head,
        pushed=sent is not None,
        digests={} if sent is None else {**(last.digests if last else {}), **sent.digests()},
    )
    _store_items(made, different or {})
    rows = Checkout.objects.filter(branch=branch, user=user).order_by("-id")
    old = [row.pk for row in rows[_KEPT:]]
    Checkout.objects.filter(pk__in=old).delete()


def last_push(branch: Branch, user: User) -> Checkout | None:
    return Checkout.objects.filter(branch=branch, user=user, pushed=True).order_by("-id").first()


def _store_items(checkout: Checkout, different: Mapping[Identity, Different | None]) -> None:
    new = {
        identity: Value(one.body)
        for identity, one in different.items()
        if one is not None and one.blob_id is None
    }
    blobs = blobs_store(checkout.branch.assistant_id, new.values())

    def blob_of(identity: Identity, one: Different | None) -> int | None:
        if one is None or one.blob_id is not None:
            return None if one is None else one.blob_id
        return blobs[new[identity].digest].pk

    CheckoutItem.objects.bulk_create(
        CheckoutItem(
            checkout=checkout,
            kind=kind,
            key=key,
            blob_id=blob_of((kind, key), one),
            path="" if one is None else one.path,
        )
        for (kind, key), one in different.items()
    )


def base_of_push(branch: Branch, user: User, sent: Sent) -> tuple[State, int]:
    """The state that the sender most likely began from, and its commit: the one from which they
    changed the fewest items, the first of equals."""
    trees = _checkouts(branch, user) or _commits(branch, sent)
    bodies = bodies_of({blob for tree, _number in trees for blob, _path in tree.values()})
    states = [
        ({one: Known(bodies[blob], path, blob) for one, (blob, path) in tree.items()}, number)
        for tree, number in trees
    ]
    if len(states) == 1:
        return states[0]
    return min(states, key=lambda state: len(pushed_items(state[0], sent)))


def _checkouts(branch: Branch, user: User) -> list[tuple[Tree, int]]:
    """The last push first, then what was fetched after it, the oldest first: nobody's change is
    to be taken back because somebody had not seen it yet. What is older comes last."""
    rows = Checkout.objects.filter(branch=branch, user=user).order_by("-id")
    newest_first = list(rows.prefetch_related("items"))
    last = next((place for place, row in enumerate(newest_first) if row.pushed), 0)
    later, older = newest_first[:last], newest_first[last + 1 :]
    found: dict[tuple[tuple[Identity, tuple[int, str]], ...], tuple[Tree, int]] = {}
    for row in [*newest_first[last : last + 1], *reversed(later), *older]:
        tree = _tree_of(row)
        found.setdefault(tuple(sorted(tree.items())), (tree, row.number))
    return [*found.values()]


def _tree_of(row: Checkout) -> Tree:
    tree = _tree_at(row.branch, row.number)
    for item in row.items.all():
        tree.pop((item.kind, item.key), None)
        if item.blob_id is not None:
            tree[item.kind, item.key] = (item.blob_id, item.path)
    return tree


def _tree_at(branch: Branch, number: int) -> dict[Identity, tuple[int, str]]:
    return {
        (kind, key): (blob, path)
        for kind, key, path, _position, blob in rows_of(branch, number)
        if kind not in NOT_SENT
    }


def _commits(branch: Branch, sent: Sent) -> list[tuple[Tree, int]]:
    """The commit whose content is the most like what was sent, the oldest of equals."""
    given = {item.identity: item.body for item in sent.project.items if item.kind in _ALONE}
    first = max(branch.head - _MOST_COMMITS, 1)
    tree = {one: blob for one, (blob, _path) in _tree_at(branch, first).items()}
    steps = _entries_after(branch, first)
    bodies = bodies_of({*tree.values(), *(blob for *_, blob in steps if blob is not None)})

    def fits(identity: Identity, blob: int | None) -> int:
        if identity[0] not in sent.kinds or identity[0] not in _ALONE:
            return 0
        if blob is None:
            return int(identity not in given)
        known = given.get(identity)
        return int(known is not None and same_body(*identity, bodies[blob], known))

    score = sum(fits(identity, blob) for identity, blob in tree.items())
    best, number = score, first
    for here, identity, blob in steps:
        score += fits(identity, blob) - fits(identity, tree.get(identity))
        tree[identity] = blob  # type: ignore[assignment]  # None: removed
        if score > best:
            best, number = score, here
    return [(_tree_at(branch, number), number)]


def _entries_after(branch: Branch, first: int) -> list[tuple[int, Identity, int | None]]:
    found: list[tuple[int, Identity, int | None]] = []
    for here, last in line_of(branch):
        after = max(here.start if here.parent_id is not None else 0, first)
        rows = Entry.objects.filter(branch=here, number__gt=after, number__lte=last)
        found.extend(
            (number, (kind, key), blob)
            for number, kind, key, blob in rows.values_list("number", "kind", "key", "blob_id")
            if kind not in NOT_SENT
        )
    return sorted(found, key=lambda entry: entry[0])
