"""Operations for migrations that run while others use the database."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex


class AddIndexBeside(AddIndexConcurrently):
    """On PostgreSQL writers go on meanwhile. The migration must say `atomic = False`."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            # It waits for transactions that are older, but nobody waits for it. One that was
            # interrupted has left an index that is never used.
            schema_editor.execute("SET lock_timeout = 0")
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.index.name}")
        self._operation(schema_editor).database_forwards(self, app_label, schema_editor, *states)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        self._operation(schema_editor).database_backwards(self, app_label, schema_editor, *states)

    @staticmethod
    def _operation(schema_editor: BaseDatabaseSchemaEditor) -> type[AddIndex]:
        is_postgres = schema_editor.connection.vendor == "postgresql"
        return AddIndexConcurrently if is_postgres else AddIndex
