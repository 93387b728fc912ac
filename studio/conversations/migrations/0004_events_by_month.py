"""Events in months, found again by what they say.

On PostgreSQL the table as it was becomes the first partition: no row moves, and indexes are built
beside the running system. Each statement that locks the table is short.
"""

import django.db.models.deletion
from django.db import migrations, models, transaction

from studio.conversations.migrations import _event_partitions


def count_positions(apps, schema_editor):
    """Backwards: a place in its conversation for every event."""
    events = apps.get_model('conversations', 'Event').objects
    last, position = None, 0
    rows = events.order_by('conversation', 'at', 'id').values_list('pk', 'conversation')
    for pk, conversation in rows.iterator(chunk_size=1000):
        position = position + 1 if conversation == last else 1
        last = conversation
        events.filter(pk=pk).update(position=position)


class PartitionEvents(migrations.SeparateDatabaseAndState):
    """Elsewhere than on PostgreSQL the table is changed as the state is, in one transaction.

    Either way it may have been interrupted when all was done, and only not yet noted as done.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        connection = schema_editor.connection
        if connection.vendor == 'postgresql':
            if not _event_partitions.is_partitioned(connection):
                _event_partitions.forwards(schema_editor)
        elif _has_positions(connection):
            self.database_operations = self.state_operations
            with transaction.atomic():
                super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        connection = schema_editor.connection
        if connection.vendor == 'postgresql':
            if _event_partitions.is_partitioned(connection):
                _event_partitions.backwards(schema_editor)
        elif not _has_positions(connection):
            self.database_operations = self.state_operations
            with transaction.atomic():
                super().database_backwards(app_label, schema_editor, from_state, to_state)


def _has_positions(connection):
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, _event_partitions.TABLE)
    return 'position' in {column.name for column in columns}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('conversations', '0003_conversations_by_sender_and_change')]

    operations = [
        PartitionEvents(
            state_operations=[
                migrations.RemoveConstraint(model_name='event', name='event_once'),
                migrations.RemoveConstraint(model_name='event', name='event_position_once'),
                migrations.AlterField(
                    model_name='event', name='position', field=models.PositiveIntegerField(null=True)
                ),
                migrations.RunPython(migrations.RunPython.noop, count_positions),
                migrations.AlterModelOptions(name='event', options={'ordering': ['at', 'id']}),
                migrations.RemoveField(model_name='event', name='position'),
                migrations.RemoveField(model_name='event', name='session'),
                migrations.AddField(
                    model_name='event', name='fingerprint', field=models.BigIntegerField(null=True)
                ),
                migrations.AlterField(
                    model_name='event',
                    name='conversation',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='conversations.conversation'),
                ),
                migrations.AlterField(
                    model_name='event',
                    name='source',
                    field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.eventsource'),
                ),
                migrations.AddConstraint(
                    model_name='event',
                    constraint=models.UniqueConstraint(fields=('conversation', 'at', 'fingerprint'), name='event_once'),
                ),
            ],
        ),
    ]
