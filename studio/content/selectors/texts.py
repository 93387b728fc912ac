"""config.yml, endpoints.yml and credentials.yml as documents."""

from typing import Any

from studio.content.models import Item
from studio.content.secrets import masked_body
from studio.content.selectors.documents import person


def text_document(item: Item, *, with_secrets: bool) -> dict[str, Any]:
    body = item.blob.body if with_secrets else masked_body(item.kind, item.blob.body)
    return {
        "text": str(body),
        "revision": item.revision,
        "updated_at": item.updated_at,
        "updated_by": person(item.updated_by),
    }
