"""The search looks for a title among what was said, so that its index holds senders only.

Each event that comes changes its conversation, and with it every index of conversations.
"""

from django.db import migrations


def index_senders(apps, schema_editor):
    _replace(schema_editor, 'conversation_words', 'conversation_senders', 'upper(sender_id) gin_trgm_ops')


def index_words(apps, schema_editor):
    columns = 'upper(sender_id) gin_trgm_ops, upper(title) gin_trgm_ops'
    _replace(schema_editor, 'conversation_senders', 'conversation_words', columns)


def _replace(schema_editor, old, new, columns):
    if schema_editor.connection.vendor != 'postgresql':
        return
    run = schema_editor.execute
    run('SET lock_timeout = 0')  # they wait for older transactions, but nobody waits for them
    run(f'DROP INDEX CONCURRENTLY IF EXISTS {new}')
    run(f'CREATE INDEX CONCURRENTLY {new} ON conversations_conversation USING gin ({columns})')
    run(f'DROP INDEX CONCURRENTLY IF EXISTS {old}')
    run('RESET lock_timeout')


class Migration(migrations.Migration):
    atomic = False  # indexes are built beside the running system

    dependencies = [('conversations', '0006_analytics_views')]

    operations = [migrations.RunPython(index_senders, index_words)]
