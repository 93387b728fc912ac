"""What the Rasa CLI fetches."""

from collections.abc import Sequence

from modelservice.project.model import Kind
from modelservice.project.parts import Parts, parts_of
from studio.content.models import Branch, Item
from studio.content.secrets import masked_body
from studio.content.selectors.project import project_of


def parts_of_branch(
    branch: Branch, *, intents: Sequence[str] | None, entities: Sequence[str], with_secrets: bool
) -> Parts:
    """The newest content; `intents` None is everything."""
    project = project_of(branch)
    if not with_secrets:
        for kind, text in project.texts.items():
            text.text = masked_body(kind.value, text.text)
    return parts_of(project, intents=intents, entities=entities)


def is_classic(branch: Branch) -> bool:
    """Whether it has no flows, and no config.yml but the one that we made."""
    rows = Item.objects.filter(branch=branch)
    has_flows = rows.filter(kind__in=[Kind.FLOW, Kind.SYSTEM_FLOW]).exists()
    return not has_flows and not rows.filter(kind=Kind.CONFIG).exclude(path="").exists()
