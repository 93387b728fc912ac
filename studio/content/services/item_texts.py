"""Keeps the translatable texts of items, and which of their translations are outdated."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from modelservice.project.checks.content import Identity
from modelservice.project.translatable import (
    TRANSLATABLE_KINDS,
    TranslatableText,
    translatable_of,
)
from modelservice.project.translation_pairs import Pair, Verdict, judged, pairs_of, suspects
from studio.accounts.models import User
from studio.common.bulk import insert_rows
from studio.content.models import Branch, Item, ItemText, TranslationVerdict

_BATCH = 500
Written = Sequence[tuple[Item, Any]]


class ItemTexts:
    """Those of the items of one write: read before it, stored after it."""

    def __init__(self, branch: Branch, items: Iterable[Item]) -> None:
        self._branch = branch
        self._before: Counter[Pair] = Counter()
        ids = [item.pk for item in items if item.kind in TRANSLATABLE_KINDS and item.pk]
        for start in range(0, len(ids), _BATCH):
            rows = ItemText.objects.filter(item__in=ids[start : start + _BATCH])
            for reference, translations in rows.values_list("reference", "translations"):
                self._before.update(_pairs(reference, translations))

    def store(self, written: Written, sent: Mapping[Identity, Any], *, judge: bool) -> None:
        """`sent` are bodies as their writers had them in front, where merging made others."""
        texts = [
            (item, translatable_of(item.kind, item.key, body))
            for item, body in written
            if item.kind in TRANSLATABLE_KINDS
        ]
        if not texts:
            return
        after = pairs_of(text for _item, some in texts for text in some)
        verdicts = _Verdicts(self._branch, {*after, *suspects(self._before, after)})
        if judge:
            seen = _seen(texts, sent) if sent else None
            new = judged(self._before, after, verdicts.known, seen)
            newest = texts[-1][0]
            verdicts.add(new, at=newest.updated_at, by=newest.updated_by_id)
        ids = [item.pk for item, _texts in texts if item.pk]
        for start in range(0, len(ids), _BATCH):
            some = ItemText.objects.filter(item__in=ids[start : start + _BATCH])
            some._raw_delete(some.db)
        insert_rows(ItemText, _rows(self._branch, texts, verdicts.outdated()))


def _pairs(reference: str, translations: Mapping[str, str]) -> list[Pair]:
    return [Pair(language, reference, words) for language, words in translations.items()]


def _seen(
    texts: Sequence[tuple[Item, list[TranslatableText]]], bodies: Mapping[Identity, Any]
) -> set[Pair]:
    found: set[Pair] = set()
    for item, own in texts:
        body = bodies.get((item.kind, item.key))
        some = own if body is None else translatable_of(item.kind, item.key, body)
        found |= pairs_of(some).keys()
    return found


def _rows(
    branch: Branch,
    texts: Iterable[tuple[Item, list[TranslatableText]]],
    outdated: Mapping[Pair, int],
) -> Iterable[dict[str, Any]]:
    for item, some in texts:
        for position, text in enumerate(some):
            own = {
                pair.language: outdated[pair]
                for pair in _pairs(text.reference, text.translations)
                if pair in outdated
            }
            yield {
                "branch": branch.pk,
                "item": item.pk,
                "position": position,
                "pointer": text.pointer,
                "field": text.field,
                "reference": text.reference,
                "translations": dict(text.translations),
                "outdated": own,
                "needed": text.needed,
                "jinja": text.jinja,
            }


class _Verdicts:
    """What is known of some pairs of an assistant."""

    def __init__(self, branch: Branch, pairs: Iterable[Pair]) -> None:
        self._assistant = branch.assistant_id
        self._digests = {pair.digest: pair for pair in pairs}
        self.known: dict[Pair, Verdict] = {}
        self.ids: dict[Pair, int] = {}
        self._read([*self._digests])

    def _read(self, digests: Sequence[str]) -> None:
        rows = TranslationVerdict.objects.filter(assistant=self._assistant)
        columns = ("pk", "digest", "outdated", "before")
        if len(digests) > _BATCH:
            # Most texts have none: all there are is less than all that are asked for.
            wanted = set(digests)
            found = [row for row in rows.values_list(*columns) if row[1] in wanted]
        else:
            found = list(rows.filter(digest__in=digests).values_list(*columns))
        for pk, digest, outdated, before in found:
            pair = self._digests[digest]
            self.known[pair] = Verdict(outdated, before)
            self.ids[pair] = pk

    def add(self, new: Mapping[Pair, Verdict], *, at: datetime, by: Any) -> None:
        rows = (
            {
                "assistant": self._assistant,
                "digest": pair.digest,
                "outdated": verdict.outdated,
                "before": verdict.before,
                "at": at,
                "by": by,
            }
            for pair, verdict in new.items()
        )
        insert_rows(TranslationVerdict, rows, or_ignore=True)
        if new:
            self._read([pair.digest for pair in new])

    def outdated(self) -> dict[Pair, int]:
        return {pair: self.ids[pair] for pair, one in self.known.items() if one.outdated}


def texts_copy(parent: Branch, branch: Branch, ids: Mapping[int, int]) -> None:
    """To a branch that begins with the items of another; `ids` are those of its items by those."""
    names = [field.attname for field in ItemText._meta.concrete_fields if not field.primary_key]
    rows = ItemText.objects.filter(branch=parent).order_by("id").values(*names)
    insert_rows(
        ItemText,
        (
            {**row, "branch": branch.pk, "item": ids[row["item_id"]]}
            for row in rows.iterator(chunk_size=_BATCH)
        ),
    )


def verdicts_set(
    branch: Branch, texts: Sequence[ItemText], language: str, *, outdated: bool, user: User | None
) -> None:
    """Say of the translations of these texts whether they fit; the branches of the assistant are
    locked. The same pair elsewhere, also in other branches, is judged with it."""
    pairs = {Pair(language, text.reference, text.translations[language]) for text in texts}
    verdicts = _Verdicts(branch, pairs)
    new = dict.fromkeys(pairs - verdicts.known.keys(), Verdict(outdated=outdated))
    verdicts.add(new, at=timezone.now(), by=None if user is None else user.pk)
    ids = verdicts.ids
    TranslationVerdict.objects.filter(pk__in=[*ids.values()]).update(outdated=outdated)
    alike = ItemText.objects.filter(
        branch__assistant=branch.assistant_id, reference__in={pair.reference for pair in pairs}
    )
    changed = []
    for text in alike:
        pair = Pair(language, text.reference, text.translations.get(language, ""))
        if pair in ids:
            text.outdated.pop(language, None)
            if outdated:
                text.outdated[language] = ids[pair]
            changed.append(text)
    ItemText.objects.bulk_update(changed, ["outdated"], batch_size=_BATCH)
