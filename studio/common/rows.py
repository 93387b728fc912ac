"""Rows that are changed by one request while others may change or delete them."""

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model

from studio.common.errors import NotFound


def lock_row(row: Model) -> None:
    """Bring the row up to date, and keep it from others until the transaction ends.

    :raises NotFound: it was deleted meanwhile
    """
    rows = type(row)._default_manager.select_for_update()
    try:
        row.refresh_from_db(from_queryset=rows)
    except ObjectDoesNotExist as error:
        raise NotFound("It was deleted meanwhile.") from error
