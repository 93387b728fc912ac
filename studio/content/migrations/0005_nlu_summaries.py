"""Summaries tell which intents start a flow, what slots are filled from, and what examples mark."""

from django.db import migrations

from studio.content.derive import derive

_BATCH = 200
_KINDS = ("flow", "system_flow", "slot", "nlu")
_NEW = {
    "flow": ["triggers"],
    "system_flow": ["triggers"],
    "slot": ["intents", "entities"],
    "nlu": ["label", "name", "count", "first", "marks", "unusable"],
}


def _batches(apps):
    Item = apps.get_model("content", "Item")
    ids = list(Item.objects.filter(kind__in=_KINDS).values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        some = Item.objects.filter(pk__in=ids[start : start + _BATCH]).select_related("blob")
        items = list(some)
        yield items
        Item.objects.bulk_update(items, ["summary"])


def forwards(apps, _editor):
    for items in _batches(apps):
        for item in items:
            item.summary = derive(item.kind, item.key, item.blob.body).summary


def backwards(apps, _editor):
    for items in _batches(apps):
        for item in items:
            for name in _NEW[item.kind]:
                item.summary.pop(name, None)


class Migration(migrations.Migration):
    dependencies = [("content", "0004_slot_relations")]
    operations = [migrations.RunPython(forwards, backwards)]
