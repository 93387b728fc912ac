"""The languages of an assistant, with how many texts have words in each, and what is to do."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from modelservice.project.config_text import Languages, languages_of, read_map
from modelservice.project.errors import ProjectError
from modelservice.project.model import Kind
from studio.content.models import Branch, ItemText
from studio.content.selectors.items import text_of


def languages_document(branch: Branch) -> dict[str, Any]:
    """The default first. A language that has words but is not in config.yml comes last."""
    listed = languages_listed(branch)
    counts = text_counts(branch)
    places = {listed.language: "default", **dict.fromkeys(listed.additional, "additional")}
    for code in sorted(counts.translated):
        places.setdefault(code, "unlisted")
    total = counts.needed.total()
    rows = []
    for code, place in places.items():
        default = place == "default"
        texts = total if default else counts.translated[code].total()
        outdated = Counter() if default else counts.outdated[code]
        missing = Counter() if default else counts.needed - counts.translated[code]
        rows.append(
            {
                "code": code,
                "place": place,
                "texts": texts,
                "missing": missing.total(),
                "outdated": outdated.total(),
                "to_do": {name: missing[name] + outdated[name] for name in {**missing, **outdated}},
            }
        )
    return {"texts": total, "languages": rows}


def languages_listed(branch: Branch) -> Languages:
    """While config.yml cannot be read, it is as if it were empty."""
    try:
        config = read_map(text_of(branch, Kind.CONFIG), "config.yml")
    except ProjectError:
        config = {}
    return languages_of(config)


class _ByLanguage(dict[str, Counter[str]]):
    def __missing__(self, language: str) -> Counter[str]:
        return self.setdefault(language, Counter())


@dataclass(slots=True)
class TextCounts:
    """By field: how many texts have to be there in each language, and how many are."""

    needed: Counter[str] = field(default_factory=Counter)
    translated: _ByLanguage = field(default_factory=_ByLanguage)
    outdated: _ByLanguage = field(default_factory=_ByLanguage)


def text_counts(branch: Branch) -> TextCounts:
    counts = TextCounts()
    rows = ItemText.objects.filter(branch=branch).order_by()
    columns = ("field", "needed", "translations", "outdated")
    for name, needed, translations, outdated in rows.values_list(*columns):
        counts.needed[name] += needed
        for language in translations if needed else ():
            counts.translated[language][name] += 1
        for language in outdated:
            counts.outdated[language][name] += 1
    return counts
