"""Texts for translators: what an export holds, and what a file that comes back would change."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict

from modelservice.project.model import Kind
from modelservice.project.translatable import TranslatableText, translatable_of
from modelservice.project.translation_files import (
    Identity,
    ImportPlan,
    TranslationFile,
    Unit,
    import_plan,
    place_of,
    unit_id,
)
from studio.common.errors import NotFound
from studio.content.models import Branch, Item, ItemText, TranslationVerdict
from studio.content.selectors.items import branch_get
from studio.content.selectors.revisions import bodies_of, tree_at
from studio.content.selectors.translations import check_language, state_of, texts_of_language

_BATCH = 500
Texts = Callable[[Identity], list[TranslatableText] | None]


def translation_file(branch: Branch, language: str, *, show: str) -> TranslationFile:
    own = check_language(branch, language)
    rows = list(texts_of_language(branch, language, show=show))
    ids = {text.outdated[language] for text in rows if language in text.outdated}
    before = dict(TranslationVerdict.objects.filter(pk__in=ids).values_list("pk", "before"))
    units = (
        Unit(
            id=unit_id(text.item.kind, text.item.key, text.pointer),
            field=text.field,
            source=text.reference,
            target=text.translations.get(language, ""),
            state=state_of(text, language),
            before=before.get(text.outdated.get(language)),
        )
        for text in rows
    )
    return TranslationFile(
        assistant=str(branch.assistant_id),
        commit=f"{branch.name}@{branch.head}",
        source_language=own,
        language=language,
        units=tuple(units),
        name=branch.assistant.name,
    )


def translation_import_plan(branch: Branch, file: TranslationFile) -> tuple[ImportPlan, str]:
    """What the file would change, and a digest that another plan does not have."""
    wanted = {place_of(unit)[0] for unit in file.units}
    outdated = _outdated(branch, file.language, wanted)
    plan = import_plan(
        file,
        _texts_now(branch, wanted),
        _texts_then(branch, file.commit, wanted),
        lambda identity, path: (*identity, path) in outdated,
    )
    whole = json.dumps([asdict(change) for change in plan.changes], ensure_ascii=False)
    return plan, hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _keys(identities: Iterable[Identity]) -> Iterable[list[str]]:
    keys = sorted({key for _kind, key in identities})
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))


def _texts_now(branch: Branch, wanted: Iterable[Identity]) -> Texts:
    found: dict[Identity, list[TranslatableText]] = {}
    for some in _keys(wanted):
        rows = Item.objects.filter(branch=branch, key__in=some, kind__in=[Kind.RESPONSE, Kind.FLOW])
        for kind, key, body in rows.values_list("kind", "key", "blob__body"):
            found[kind, key] = translatable_of(kind, key, body)
    return found.get


def _texts_then(branch: Branch, commit: str, wanted: Iterable[Identity]) -> Texts:
    """The texts at the commit that the file names; None where that is not known here."""
    name, _at, number = commit.rpartition("@")
    try:
        exported = branch_get(branch.assistant_id, name)
    except NotFound:
        return lambda _identity: None
    if not number.isdecimal() or not 0 < int(number) <= exported.head:
        return lambda _identity: None
    tree = tree_at(exported, int(number))
    entries = {one: tree[one].blob_id for one in wanted if one in tree}
    bodies = bodies_of(blob for blob in entries.values() if blob is not None)

    def read(identity: Identity) -> list[TranslatableText] | None:
        blob = entries.get(identity)
        return None if blob is None else translatable_of(*identity, bodies[blob])

    return read


def _outdated(
    branch: Branch, language: str, wanted: Iterable[Identity]
) -> set[tuple[str, str, str]]:
    found: set[tuple[str, str, str]] = set()
    for some in _keys(wanted):
        rows = ItemText.objects.filter(
            branch=branch, outdated__has_key=language, item__key__in=some
        )
        found.update(rows.values_list("item__kind", "item__key", "pointer"))
    return found
