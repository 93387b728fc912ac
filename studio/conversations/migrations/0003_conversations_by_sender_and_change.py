from django.db import migrations, models

from studio.common.migrations import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False  # indexes are built beside the running system

    dependencies = [('conversations', '0002_waiting_events_and_dead_letters')]

    operations = [
        AddIndexBeside(
            model_name='conversation',
            index=models.Index(fields=['sender_id'], name='conversation_of_sender'),
        ),
        AddIndexBeside(
            model_name='conversation',
            index=models.Index(fields=['changed_at'], name='conversation_changed'),
        ),
    ]
