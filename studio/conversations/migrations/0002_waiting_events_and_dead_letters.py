"""Dead letters whole and with what became of them; events that wait for their assistant."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

import studio.common.fields


def keep_payloads(apps, schema_editor):
    letters = apps.get_model('conversations', 'DeadLetter').objects
    for letter in letters.iterator(chunk_size=200):
        letters.filter(pk=letter.pk).update(payload=letter.content.encode())


def keep_contents(apps, schema_editor):
    letters = apps.get_model('conversations', 'DeadLetter').objects
    for letter in letters.iterator(chunk_size=200):
        text = bytes(letter.payload).decode('utf-8', 'replace').replace('\0', '')
        letters.filter(pk=letter.pk).update(content=text)


class Migration(migrations.Migration):
    dependencies = [('conversations', '0001_initial')]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='changed_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='deadletter',
            name='payload',
            field=models.BinaryField(default=b''),
            preserve_default=False,
        ),
        migrations.RunPython(keep_payloads, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='deadletter', name='content', field=models.TextField(default='')
        ),
        migrations.RunPython(migrations.RunPython.noop, keep_contents),
        migrations.RemoveField(model_name='deadletter', name='content'),
        migrations.AddField(
            model_name='deadletter',
            name='status',
            field=models.CharField(
                choices=[('kept', 'Kept'), ('replayed', 'Replayed'), ('discarded', 'Discarded')],
                default='kept',
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name='deadletter',
            name='published_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='deadletter',
            index=models.Index(
                condition=Q(published_at__isnull=True), fields=['id'], name='dead_letter_to_publish'
            ),
        ),
        migrations.CreateModel(
            name='WaitingEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assistant_name', models.CharField(max_length=255)),
                ('source_offset', models.BigIntegerField()),
                ('data', studio.common.fields.OrderedJSONField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.eventsource')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['assistant_name', 'id'], name='waiting_event_of')],
                'constraints': [models.UniqueConstraint(fields=('source', 'source_offset'), name='waiting_event_once')],
            },
        ),
    ]
