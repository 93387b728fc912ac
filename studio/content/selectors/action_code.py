"""The code of a custom action, where the project brings it."""

from dataclasses import asdict
from typing import Any

from modelservice.project.action_code import action_code
from studio.content.models import Branch
from studio.content.selectors.files import file_contents


def code_of(branch: Branch, action: str) -> dict[str, Any] | None:
    """Where its class stands and what it names; None where no file of the project has it."""
    contents = file_contents(branch, (".py",))
    texts = {path: content.decode("utf-8", "replace") for path, content in contents.items()}
    found = action_code(action, texts)
    return None if found is None else asdict(found)
