"""Which entities of times, numbers and the like an assistant tells, by its pipeline."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from modelservice.calm.content.components import CRF, DUCKLING, SPACY, first_component
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.nlu_adapter import NluInterpreter, NluResult
from modelservice.calm.models.model import Model
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.measures.extractor import (
    MeasureExtractor,
    names_of_dimensions,
)
from modelservice.calm.understanding.measures.moments import writes_months_first

logger = logging.getLogger(__name__)
# spaCy's names for what Duckling calls so.
_NAMES_OF_SPACY = {
    "time": "DATE",
    "amount-of-money": "MONEY",
    "number": "CARDINAL",
    "distance": "QUANTITY",
}


def measures_of(model: Model, assistant: Assistant) -> MeasureExtractor | None:
    """None where the pipeline names nothing that tells such entities."""
    duckling = first_component(model.config, "pipeline", DUCKLING)
    spacy = first_component(model.config, "pipeline", [SPACY])
    names: dict[str, str] = {}
    if first_component(model.config, "pipeline", [CRF]) is not None:
        names |= names_of_dimensions(assistant.domain.entities)
    if spacy is not None:
        wanted = spacy.get("dimensions")
        names |= {
            dimension: name
            for dimension, name in _NAMES_OF_SPACY.items()
            if not isinstance(wanted, list) or name in wanted
        }
    if duckling is not None:
        wanted = duckling.get("dimensions")
        names |= names_of_dimensions(wanted if isinstance(wanted, list) else None)
    if not names:
        return None
    settings = duckling or {}
    locale = str(settings.get("locale") or assistant.language)
    return MeasureExtractor(
        language_of(assistant.languages),
        names,
        zone=_zone(settings),
        month_first=writes_months_first(locale),
    )


def _zone(settings: Mapping[str, Any]) -> tzinfo:
    name = settings.get("timezone")
    if not isinstance(name, str):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        logger.warning("the time zone '%s' is not known; times are those of UTC", name)
        return UTC


class MeasuringInterpreter:
    """Adds these entities to what another interpreter finds, where that finds none."""

    def __init__(self, measures: MeasureExtractor, inner: NluInterpreter | None) -> None:
        self._measures = measures
        self._inner = inner

    async def parse(self, text: str) -> NluResult:
        result = NluResult() if self._inner is None else await self._inner.parse(text)
        more = self._measures.extract(text)
        known = {(entity.get("entity"), entity.get("start")) for entity in result.entities}
        new = [entity for entity in more if (entity["entity"], entity["start"]) not in known]
        return NluResult(result.intent, result.confidence, [*result.entities, *new])
