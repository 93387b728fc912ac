"""Everyday talk (a greeting, thanks, a call for help …) and the flows that are there for it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from modelservice.calm.content.flow import Flow
from modelservice.calm.understanding.acts import is_act
from modelservice.calm.understanding.language import Language, Stems
from modelservice.calm.understanding.text import identifier_words, plain, stem, stems

# Of several in one message the first of these is what the user wants to hear about.
ACTS = ("bot", "help", "thanks", "goodbye", "greeting")
_CLAUSE_END = re.compile(r"[.,!?;:]+\s*")
# A longer description that speaks of a welcome is about something else.
_LONGEST_DESCRIPTION = 25
_LISTED = 2
_MOST_OTHER_WORDS = 1


def everyday_act(text: str, language: Language) -> str | None:
    """What a message of everyday talk does, each part of it; None if it says anything else."""
    whole = _act(text, language)
    if whole is not None:
        return whole
    acts = [_act(clause, language) for clause in _CLAUSE_END.split(text) if clause.strip()]
    if not acts or None in acts:
        return None
    return next(act for act in ACTS if act in acts)


def _act(text: str, language: Language) -> str | None:
    return next((act for act in ACTS if is_act(text, act, language)), None)


def everyday_flows(flows: Iterable[Flow], language: Language) -> dict[str, list[str]]:
    """The ids of the flows that are there for each act, those that are called so first."""
    ranked: dict[str, list[tuple[int, str]]] = {act: [] for act in ACTS}
    for flow in flows:
        for act in ACTS:
            rank = _rank(flow, act, language)
            if rank is not None:
                ranked[act].append((rank, flow.id))
    return {
        act: [flow_id for _, flow_id in sorted(found, key=lambda item: item[0])]
        for act, found in ranked.items()
    }


def _rank(flow: Flow, act: str, language: Language) -> int | None:
    names = (
        identifier_words(flow.id),
        identifier_words(flow.name),
        *flow.translated_names.values(),
    )
    if any(_is_name(name, act, language) for name in names):
        return 0
    # Who asks for a value does more than talk.
    asks = any(True for _ in flow.collect_steps())
    return 1 if not asks and _describes(flow.description, act, language) else None


def _cues(act: str, language: Language) -> list[Stems]:
    return [stems(cue) for cue in language.lists["everyday"].get(act, ())]


def _is_name(name: str, act: str, language: Language) -> bool:
    """A name of such words, and of none that says something else."""
    spoken = stems(name)
    covered = _covered(spoken, _cues(act, language))
    return bool(covered) and not _other_words(spoken, covered, language)


def _describes(description: str, act: str, language: Language) -> bool:
    spoken = stems(description)
    if len(spoken) > _LONGEST_DESCRIPTION:
        return False
    padded = f" {plain(description)} "
    cues = _cues(act, language)
    whole = [cue for cue in cues if len(cue) > 1]
    if sum(f" {phrase} " in padded for phrase in language.phrases[act]) >= _LISTED:
        return True
    if _covered(spoken, whole):
        return True
    # Nearly every flow helps with something, and a welcome package is no greeting.
    is_about = act != "help" and bool(_covered(spoken, cues))
    everyday = _covered(spoken, [cue for each in ACTS for cue in _cues(each, language)])
    return is_about and len(_other_words(spoken, everyday, language)) <= _MOST_OTHER_WORDS


def _covered(spoken: Stems, cues: Iterable[Stems]) -> set[int]:
    """The places of the words that belong to one of the cues."""
    return {
        place
        for cue in cues
        for start in range(len(spoken) - len(cue) + 1)
        if spoken[start : start + len(cue)] == cue
        for place in range(start, start + len(cue))
    }


def _other_words(spoken: Stems, covered: set[int], language: Language) -> list[str]:
    fillers = {stem(word) for word in language.lists["everyday_fillers"].get("any", ())}
    fillers |= {stem(word) for word in language.stop_words}
    return [word for n, word in enumerate(spoken) if n not in covered and word not in fillers]
