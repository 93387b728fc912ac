"""Database fields that Django lacks."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class OrderedJSONField(models.TextField):  # type: ignore[type-arg]  # generic only in the stubs
    """JSON that comes back with its keys in the order in which they were written.

    PostgreSQL's `jsonb`, which Django's own field uses, sorts keys; the order of keys in an
    author's YAML has to survive export, so this keeps the text.
    """

    def from_db_value(
        self, value: str | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> str | None:
        if value is None and self.null:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ValidationError(str(error), code="invalid") from error

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or "null"
