"""Whether the items at the head of a branch are what its commits say."""

from collections.abc import Iterator

from studio.content.derive import counts_of
from studio.content.models import Branch, Item
from studio.content.selectors.revisions import tree_at


def differences_of_head(branch: Branch) -> Iterator[str]:
    """What differs, a line each, such as “slot amount is missing”."""
    tree = tree_at(branch)
    items = {(item.kind, item.key): item for item in Item.objects.filter(branch=branch)}
    for identity in sorted({**tree, **items}):
        name = " ".join(identity)
        entry, item = tree.get(identity), items.get(identity)
        if item is None:
            yield f"{name} is missing"
        elif entry is None:
            yield f"{name} is there, but no commit says so"
        elif (item.blob_id, item.path, item.position) != (
            *(entry.blob_id, entry.path),
            entry.position,
        ):
            yield f"{name} is not what commit {entry.number} says"
        elif (item.error_count, item.warning_count) != counts_of(item.problems):
            yield f"{name} counts problems that it does not have"
    totals = tuple(
        sum(getattr(item, count) for item in items.values())
        for count in ("error_count", "warning_count")
    )
    if totals != (branch.error_count, branch.warning_count):
        yield "the counts of problems are not those of the items"
