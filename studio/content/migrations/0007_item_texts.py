"""Translatable texts of the items that are there; their translations are taken to fit."""

from django.db import migrations

from modelservice.project.translatable import TRANSLATABLE_KINDS, translatable_of
from studio.content.derive import derive

_BATCH = 500


def forwards(apps, _editor):
    Item, ItemText = apps.get_model("content", "Item"), apps.get_model("content", "ItemText")
    ids = list(Item.objects.filter(kind__in=TRANSLATABLE_KINDS).values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        items = list(Item.objects.filter(pk__in=ids[start : start + _BATCH]).select_related("blob"))
        ItemText.objects.bulk_create(row for item in items for row in _texts(ItemText, item))
        # What a response has to have in each language is counted anew.
        for item in items:
            item.summary = derive(item.kind, item.key, item.blob.body).summary
        Item.objects.bulk_update(items, ["summary"])


def _texts(model, item):
    for position, text in enumerate(translatable_of(item.kind, item.key, item.blob.body)):
        yield model(
            branch_id=item.branch_id,
            item=item,
            position=position,
            pointer=text.pointer,
            field=text.field,
            reference=text.reference,
            translations=dict(text.translations),
            needed=text.needed,
            jinja=text.jinja,
        )


def backwards(_apps, _editor):
    """The tables go; summaries keep their shape."""


class Migration(migrations.Migration):
    dependencies = [("content", "0006_translations")]
    operations = [migrations.RunPython(forwards, backwards)]
