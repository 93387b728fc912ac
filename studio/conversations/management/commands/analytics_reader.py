"""`manage.py analytics_reader NAME`: an account of PostgreSQL that reads the schema `analytics`.

Its password is asked for, or the first line of the input. Running it again sets it anew.
"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from studio.common.command import CommandWithExamples, read_password

_RIGHTS = (
    "ALTER ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {password}",
    "ALTER ROLE {name} SET default_transaction_read_only = on",
    "ALTER ROLE {name} SET statement_timeout = '5min'",
    "GRANT CONNECT ON DATABASE {database} TO {name}",
    "GRANT USAGE ON SCHEMA analytics TO {name}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA analytics TO {name}",
)


class Command(CommandWithExamples):
    help = (
        "Give an account of PostgreSQL read access to the views for analysts, and to nothing else."
    )

    examples = ("manage.py analytics_reader bi_tool",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("The views for analysts are in PostgreSQL only: set DB_HOST.")
        password = read_password()
        if len(password) < 8:
            raise CommandError("The password needs 8 characters or more.")
        try:
            self._grant(options["name"], password)
        except ProgrammingError as error:
            raise CommandError(f"The database refuses: {str(error).strip()}") from None
        self.stdout.write(f"{options['name']} may read the schema analytics.")

    @staticmethod
    @transaction.atomic
    def _grant(name: str, password: str) -> None:
        values = {
            "name": sql.Identifier(name),
            "password": sql.Literal(password),
            "database": sql.Identifier(str(connection.settings_dict["NAME"])),
        }
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
            known = cursor.fetchone() is not None
            create = [] if known else ["CREATE ROLE {name}"]
            for statement in (*create, *_RIGHTS):
                cursor.execute(sql.SQL(statement).format(**values))
