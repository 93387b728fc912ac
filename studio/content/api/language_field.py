"""The code of a language in a body."""

from typing import Any

from modelservice.project.config_text import LANGUAGE_CODE, MAX_CODE
from studio.accounts.api.fields import PatternField


class LanguageField(PatternField):
    def __init__(self, **options: Any) -> None:
        told = "A code is letters and digits with hyphens: de, pt-BR, or x-en-formal."
        super().__init__(
            LANGUAGE_CODE, max_length=MAX_CODE, error_messages={"invalid": told}, **options
        )
