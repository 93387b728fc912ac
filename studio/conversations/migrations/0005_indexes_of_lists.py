"""Indexes of lists: what is rare is found without a walk over all conversations."""

from django.db import migrations, models

from studio.common.migrations import AddIndexBeside

EVENTS = 'conversations_event'
_SAID = "USING gin (upper(text) gin_trgm_ops) WHERE type IN ('user', 'bot')"


def make_search_indexes(apps, schema_editor):
    """On PostgreSQL, for words anywhere in what was said. Elsewhere every event is read."""
    if schema_editor.connection.vendor != 'postgresql':
        return
    run = schema_editor.execute
    run('SET lock_timeout = 0')  # they wait for older transactions, but nobody waits for them
    run('CREATE EXTENSION IF NOT EXISTS pg_trgm')
    run('DROP INDEX CONCURRENTLY IF EXISTS conversation_words')
    run(
        'CREATE INDEX CONCURRENTLY conversation_words ON conversations_conversation '
        'USING gin (upper(sender_id) gin_trgm_ops, upper(title) gin_trgm_ops)'
    )
    # A partitioned table has no CONCURRENTLY: each month gets its index, then they are put together.
    run(f'CREATE INDEX IF NOT EXISTS event_said ON ONLY {EVENTS} {_SAID}')
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            'SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid '
            'WHERE inhparent = %s::regclass',
            [EVENTS],
        )
        months = [row[0] for row in cursor.fetchall()]
    for month in months:
        run(f'DROP INDEX CONCURRENTLY IF EXISTS {month}_said')
        run(f'CREATE INDEX CONCURRENTLY {month}_said ON {month} {_SAID}')
        run(f'ALTER INDEX event_said ATTACH PARTITION {month}_said')
    run('RESET lock_timeout')


def drop_search_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute('DROP INDEX IF EXISTS event_said')
        schema_editor.execute('DROP INDEX CONCURRENTLY IF EXISTS conversation_words')


class Migration(migrations.Migration):
    atomic = False  # indexes are built beside the running system

    dependencies = [('conversations', '0004_events_by_month')]

    operations = [
        AddIndexBeside(
            model_name='conversation',
            index=models.Index(fields=['started_at'], name='conversation_started'),
        ),
        AddIndexBeside(
            model_name='conversation',
            index=models.Index(
                fields=['assistant', 'channel', '-last_event_at', '-id'], name='conversation_channel'
            ),
        ),
        AddIndexBeside(
            model_name='conversation',
            index=models.Index(
                fields=['assistant', '-last_event_at', '-id'],
                name='conversation_reviewed',
                condition=models.Q(reviewed_at__isnull=False),
            ),
        ),
        AddIndexBeside(
            model_name='conversation',
            index=models.Index(
                fields=['assistant', '-last_event_at', '-id'],
                name='conversation_test',
                condition=models.Q(is_test=True),
            ),
        ),
        migrations.RunPython(make_search_indexes, drop_search_indexes),
    ]
