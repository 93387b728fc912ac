"""`manage.py graphql_schema`: the schema of `/api/graphql/` as text."""

from typing import Any

from django.core.management.base import BaseCommand

from studio.graphql.schema import schema


class Command(BaseCommand):
    help = "Print the schema of /api/graphql/."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(schema.as_str())
