from django.db import migrations, models

from studio.common.migrations import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False  # indexes are built beside the running system

    dependencies = [('conversations', '0004_events_by_month')]

    operations = [
        AddIndexBeside(
            model_name='conversation',
            index=models.Index(fields=['started_at'], name='conversation_started'),
        ),
    ]
