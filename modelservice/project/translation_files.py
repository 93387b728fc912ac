"""Texts on their way to a translator and back, whatever the format of the file is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from typing import Literal

from modelservice.project.errors import Finding, ProjectError
from modelservice.project.translatable import (
    TRANSLATABLE_KINDS,
    Path,
    TranslatableText,
    path_of,
    slots_in,
)

TextState = Literal["missing", "outdated", "done"]
Identity = tuple[str, str]
MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Unit:
    """One text; `target` is empty where it has no translation.

    `before` is the reference that an outdated one was made for. `line` is where it stands in a file
    that was read.
    """

    id: str
    field: str
    source: str
    target: str = ""
    state: TextState = "missing"
    before: str | None = None
    line: int | None = default(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TranslationFile:
    """`assistant` is its id, `commit` the state that was exported, as `branch@number`."""

    assistant: str
    commit: str
    source_language: str
    language: str
    units: tuple[Unit, ...] = ()
    name: str = default(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ImportedText:
    """What a file would change. `reference` is the text now, `source` that of the file.

    `changed_here`: one of the texts was changed in the assistant since the export. `confirmed`: the
    words are the same, and the translator says that they fit.
    """

    unit: str
    kind: str
    key: str
    path: Path
    field: str
    source: str
    reference: str
    before: str
    after: str
    changed_here: bool
    confirmed: bool
    lost_slots: list[str]
    unknown_slots: list[str]


@dataclass(slots=True)
class ImportPlan:
    """`same` texts stay as they are, `gone` ones are not in the assistant any more."""

    changes: list[ImportedText] = default(default_factory=list)
    same: int = 0
    gone: list[str] = default(default_factory=list)


def unit_id(kind: str, key: str, pointer: str) -> str:
    return f"{kind}/{key}#{pointer}"


def place_of(unit: Unit) -> tuple[Identity, Path]:
    """:raises ProjectError: it is none of ours"""
    item, mark, pointer = unit.id.rpartition("#")
    kind, slash, key = item.partition("/")
    if (
        not (mark and slash and key)
        or kind not in TRANSLATABLE_KINDS
        or not pointer.startswith("/")
    ):
        message = (
            f"“{unit.id[:200]}” is not the id of a text: it was changed, or is of another tool."
        )
        raise ProjectError(Finding(message, line=unit.line))
    return (kind, key), path_of(pointer)


Texts = Callable[[Identity], list[TranslatableText] | None]


def import_plan(
    file: TranslationFile,
    now: Texts,
    then: Texts,
    outdated: Callable[[Identity, str], bool],
) -> ImportPlan:
    """What the file would change in the texts that are there `now`.

    `then` are those of the export, None where that is not known; it is asked once for each item.
    `outdated` says it of a pointer. What the translator left as it
    was stays as it is now, also where somebody changed it here.

    :raises ProjectError: the id of a unit is none of ours
    """
    plan = ImportPlan()
    here = {place_of(unit)[0] for unit in file.units}
    places = _placed(file.units, {identity: now(identity) or [] for identity in here})
    exported: dict[Identity, dict[Path, TranslatableText]] = {}
    for unit in file.units:
        identity, path = place_of(unit)
        text = places.get(unit.id)
        if text is None:
            plan.gone.append(unit.id)
            continue
        if identity not in exported:
            exported[identity] = {one.path: one for one in then(identity) or ()}
        base = exported[identity].get(path)
        if base is not None and base.reference != unit.source:
            base = None
        found = _compared(file.language, unit, identity, text, base)
        if found.after != found.before:
            plan.changes.append(found)
        elif (
            unit.state == "done"
            and (unit.source, unit.target) == (text.reference, found.before)
            and outdated(identity, text.pointer)
        ):
            plan.changes.append(replace(found, confirmed=True))
        else:
            plan.same += 1
    return plan


def _placed(
    units: Iterable[Unit], texts: Mapping[Identity, list[TranslatableText]]
) -> dict[str, TranslatableText]:
    """The text of each unit: the one at its place with its words, else the one in the item that
    its words have moved to, else the one at its place, with other words by now."""
    free = {identity: {text.path: text for text in some} for identity, some in texts.items()}
    found: dict[str, TranslatableText] = {}

    def at_its_place(text: TranslatableText, path: Path, unit: Unit) -> bool:
        return text.path == path and text.reference == unit.source

    def moved(text: TranslatableText, _path: Path, unit: Unit) -> bool:
        return text.field == unit.field and text.reference == unit.source

    def changed(text: TranslatableText, path: Path, unit: Unit) -> bool:
        return text.path == path and text.field == unit.field

    for fits in (at_its_place, moved, changed):
        for unit in units:
            identity, path = place_of(unit)
            left = free[identity]
            text = next((one for one in left.values() if fits(one, path, unit)), None)
            if unit.id not in found and text is not None:
                found[unit.id] = left.pop(text.path)
    return found


def _compared(
    language: str,
    unit: Unit,
    identity: Identity,
    text: TranslatableText,
    base: TranslatableText | None,
) -> ImportedText:
    here = text.translations.get(language, "")
    exported = here if base is None else base.translations.get(language, "")
    untouched = not unit.target.strip() or unit.target == exported
    after = here if untouched else unit.target
    slots, own = text.slots, slots_in(after, jinja=text.jinja)
    return ImportedText(
        unit=unit.id,
        kind=identity[0],
        key=identity[1],
        path=text.path,
        field=text.field,
        source=unit.source,
        reference=text.reference,
        before=here,
        after=after,
        changed_here=text.reference != unit.source or here != exported,
        confirmed=False,
        lost_slots=[slot for slot in slots if slot not in own],
        unknown_slots=[slot for slot in own if slot not in slots],
    )
