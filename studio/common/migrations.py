"""Which migrations a database has; operations for those that run while others use it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddIndex

REMEDY_OF_NEWER = "Run the newer release, or restore the backup that was made before the upgrade."


def sentence_of_newer(names: Sequence[str]) -> str:
    return (
        f"The database is newer than this Studio ({settings.VERSION}), which does not know "
        f"its migrations {', '.join(names)}."
    )


def unknown_migrations(connection: BaseDatabaseWrapper) -> list[str]:
    """What a newer Studio has done to the database, as `app.name`; of an older one, nothing."""
    loader = MigrationLoader(connection)
    replaced = {key for each in loader.disk_migrations.values() for key in each.replaces}
    known = loader.disk_migrations.keys() | replaced
    ours = loader.migrated_apps
    unknown = [key for key in loader.applied_migrations if key[0] in ours and key not in known]
    return sorted(".".join(key) for key in unknown)


def pending_migrations(connection: BaseDatabaseWrapper) -> list[str]:
    """What `migrate` would run, as `app.name`, in its order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


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
