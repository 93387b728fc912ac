"""What a flow does with a slot is told apart: it asks for it, sets it, reads it."""

from django.db import migrations

from studio.content.derive import derive

_BATCH = 200
_KINDS = ("flow", "system_flow")
_NEW = ("asks", "sets", "reads")
_OLD = "slots"


def _batches(apps):
    Item = apps.get_model("content", "Item")
    ids = list(Item.objects.filter(kind__in=_KINDS).values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        some = Item.objects.filter(pk__in=ids[start : start + _BATCH]).select_related("blob")
        yield list(some)


def _store(apps, items, relations, rows):
    """`rows` are (item, relation, name, step) that come in the place of those of `relations`."""
    Reference = apps.get_model("content", "Reference")
    Reference.objects.filter(item__in=items, relation__in=relations).delete()
    Reference.objects.bulk_create(
        Reference(branch_id=item.branch_id, item=item, relation=relation, name=name, step=step)
        for item, relation, name, step in rows
    )
    apps.get_model("content", "Item").objects.bulk_update(items, ["summary"])


def forwards(apps, _editor):
    for items in _batches(apps):
        rows = []
        for item in items:
            derived = derive(item.kind, item.key, item.blob.body)
            item.summary = derived.summary
            rows += [(item, *row) for row in sorted(derived.places) if row[0] in _NEW]
        _store(apps, items, [_OLD, *_NEW], rows)


def backwards(apps, _editor):
    for items in _batches(apps):
        rows = []
        for item in items:
            parts = [part for name in _NEW for part in item.summary.pop(name, [])]
            used = dict.fromkeys((part["name"], part["step"]) for part in parts)
            item.summary[_OLD] = [{"name": name, "step": step} for name, step in used]
            rows += [(item, _OLD, name[:1000], step or "") for name, step in used]
        _store(apps, items, [_OLD, *_NEW], rows)


class Migration(migrations.Migration):
    dependencies = [("content", "0003_response_summaries")]
    operations = [migrations.RunPython(forwards, backwards)]
