"""Lists of responses show more than they did: what is derived of each is derived anew."""

from django.db import migrations

from studio.content.derive import derive

_BATCH = 500


def forwards(apps, _editor):
    Item = apps.get_model("content", "Item")
    ids = list(Item.objects.filter(kind="response").values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        items = list(Item.objects.filter(pk__in=ids[start : start + _BATCH]).select_related("blob"))
        for item in items:
            item.summary = derive("response", item.key, item.blob.body).summary
        Item.objects.bulk_update(items, ["summary"])


def backwards(_apps, _editor):
    """What was there before is still in a summary; the rest is passed over."""


class Migration(migrations.Migration):
    dependencies = [("content", "0002_checkout")]
    operations = [migrations.RunPython(forwards, backwards)]
