"""What the archive of a version's model calls itself."""

from django.db import migrations, models

from studio.common.migrations import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False  # the index is built beside the running system

    dependencies = [('versions', '0002_runtime')]

    operations = [
        migrations.AddField(
            model_name='version',
            name='model_id',
            field=models.CharField(blank=True, max_length=64),
        ),
        AddIndexBeside(
            model_name='version',
            index=models.Index(fields=['assistant', 'model_id'], name='version_of_model'),
        ),
    ]
