"""When a translation is outdated: its reference was changed, and it stayed as it was.

This is said of a *pair*, a text and its translation, whatever item it stands in. So it stays true
when an item is renamed or moved, in branches that are merged, and after undo: the pair that a
change took away is remembered as what it was. What nobody has judged is right.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from modelservice.project.translatable import TranslatableText


@dataclass(frozen=True, slots=True)
class Pair:
    language: str
    reference: str
    translation: str

    @property
    def digest(self) -> str:
        whole = "\0".join((self.language, self.reference, self.translation))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`before` is the reference that the translation was made for, as far as it is known."""

    outdated: bool
    before: str | None = None


_RIGHT = Verdict(outdated=False)


def pairs_of(texts: Iterable[TranslatableText]) -> Counter[Pair]:
    """Also of translations whose reference is empty, as it is while somebody writes it anew."""
    return Counter(
        Pair(language, text.reference, words)
        for text in texts
        for language, words in text.translations.items()
    )


def suspects(before: Counter[Pair], after: Counter[Pair]) -> set[Pair]:
    """Pairs whose verdicts `judged` has to know."""
    return {*(before - after), *(after - before)}


def judged(
    before: Counter[Pair],
    after: Counter[Pair],
    known: Mapping[Pair, Verdict],
    seen: Collection[Pair] | None = None,
) -> dict[Pair, Verdict]:
    """New verdicts after a write that made the pairs `after` of the pairs `before`.

    A pair that came is outdated if its translation stood beside another text that is gone. What is
    `seen` are the pairs that the writer had in front: a pair that is none of them came together
    by merging, so nobody has seen that the two fit. `known` verdicts stay.
    """
    gone = _by_translation(before - after)
    written = _by_translation(seen or ())
    found: dict[Pair, Verdict] = {}
    for pair in after - before:
        where = (pair.language, pair.translation)
        old = gone.get(where, [])
        # They may come back, as by undo.
        found |= {one: known.get(one, _RIGHT) for one in old}
        if old:
            verdict = found[old[0]]
            reference = verdict.before if verdict.outdated else old[0].reference
            found[pair] = Verdict(outdated=True, before=reference)
        elif seen is not None and pair not in seen:
            had = [one.reference for one in written.get(where, [])]
            found[pair] = Verdict(outdated=True, before=had[0] if had else None)
    return {pair: verdict for pair, verdict in found.items() if pair not in known}


def _by_translation(pairs: Iterable[Pair]) -> dict[tuple[str, str], list[Pair]]:
    found: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        found.setdefault((pair.language, pair.translation), []).append(pair)
    return found
