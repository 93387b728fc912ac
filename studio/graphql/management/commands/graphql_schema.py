"""`manage.py graphql_schema`: the schema of `/api/graphql/` as text."""

from typing import Any

from studio.common.command import CommandWithExamples
from studio.graphql.schema import schema


class Command(CommandWithExamples):
    help = "Print the schema of /api/graphql/."
    examples = ("manage.py graphql_schema > schema.graphql",)

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(schema.as_str())
