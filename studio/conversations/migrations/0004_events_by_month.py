"""Events in months, found again by what they say.

On PostgreSQL the table as it was becomes the first partition: no row moves, and indexes are built
beside the running system. Each statement that locks the table is short.
"""

import django.db.models.deletion
from django.db import migrations, models

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
    """Elsewhere than on PostgreSQL the table is changed as the state is."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == 'postgresql':
            _event_partitions.forwards(schema_editor)
        else:
            self.database_operations = self.state_operations
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == 'postgresql':
            _event_partitions.backwards(schema_editor)
        else:
            self.database_operations = self.state_operations
            super().database_backwards(app_label, schema_editor, from_state, to_state)


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
