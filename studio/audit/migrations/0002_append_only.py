"""The database itself refuses to change an entry.

SQLite refuses changes but not deletion: there the database is a file of one machine, and tests have
to empty it. PostgreSQL refuses both; emptying whole tables (TRUNCATE) takes an owner of the table.
"""

from django.db import migrations

POSTGRES = """
CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed or deleted';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse();
"""
POSTGRES_BACK = "DROP TRIGGER audit_entry_append_only ON audit_entry; DROP FUNCTION audit_entry_refuse();"
SQLITE = """
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed or deleted'); END
"""
SQLITE_BACK = "DROP TRIGGER audit_entry_append_only"


def forwards(apps, editor):
    editor.execute(POSTGRES if editor.connection.vendor == "postgresql" else SQLITE)


def backwards(apps, editor):
    editor.execute(POSTGRES_BACK if editor.connection.vendor == "postgresql" else SQLITE_BACK)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
