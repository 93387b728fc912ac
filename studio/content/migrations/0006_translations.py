import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assistants', '0001_initial'),
        ('content', '0005_nlu_summaries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ItemText',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('pointer', models.CharField(max_length=100)),
                ('field', models.CharField(max_length=16)),
                ('reference', models.TextField()),
                ('translations', models.JSONField(default=dict)),
                ('outdated', models.JSONField(default=dict)),
                ('needed', models.BooleanField()),
                ('jinja', models.BooleanField(default=False)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.branch')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='content.item')),
            ],
            options={
                'ordering': ['item', 'position'],
                'constraints': [models.UniqueConstraint(fields=('item', 'pointer'), name='item_text_once')],
            },
        ),
        migrations.CreateModel(
            name='TranslationVerdict',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('outdated', models.BooleanField()),
                ('before', models.TextField(null=True)),
                ('at', models.DateTimeField()),
                ('assistant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assistants.assistant')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('assistant', 'digest'), name='verdict_once')],
            },
        ),
    ]
