"""Removes the content of an assistant, with its history, for good."""

from uuid import UUID

from studio.content.models import (
    Blob,
    Branch,
    Checkout,
    CheckoutItem,
    Commit,
    Draft,
    Editor,
    Entry,
    Item,
    ItemText,
    Reference,
    TranslationVerdict,
)


def content_purge(assistant_id: UUID) -> None:
    """Table by table: a history may be too long to be collected in memory."""
    of_branch = {"branch__assistant": assistant_id}
    in_checkouts = CheckoutItem.objects.filter(checkout__branch__assistant=assistant_id)
    in_checkouts._raw_delete(CheckoutItem.objects.db)
    Checkout.objects.filter(**of_branch)._raw_delete(Checkout.objects.db)
    Reference.objects.filter(**of_branch)._raw_delete(Reference.objects.db)
    ItemText.objects.filter(**of_branch)._raw_delete(ItemText.objects.db)
    Item.objects.filter(**of_branch)._raw_delete(Item.objects.db)
    Draft.objects.filter(entry__branch__assistant=assistant_id)._raw_delete(Draft.objects.db)
    Entry.objects.filter(**of_branch)._raw_delete(Entry.objects.db)
    Commit.objects.filter(**of_branch).update(merged=None)
    Commit.objects.filter(**of_branch)._raw_delete(Commit.objects.db)
    Branch.objects.filter(assistant=assistant_id).update(parent=None)
    Branch.objects.filter(assistant=assistant_id)._raw_delete(Branch.objects.db)
    verdicts = TranslationVerdict.objects.filter(assistant=assistant_id)
    verdicts._raw_delete(TranslationVerdict.objects.db)
    Editor.objects.filter(assistant=assistant_id)._raw_delete(Editor.objects.db)
    Blob.objects.filter(assistant=assistant_id).update(base=None)
    Blob.objects.filter(assistant=assistant_id)._raw_delete(Blob.objects.db)
