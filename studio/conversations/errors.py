"""Expected failures of conversation review."""

from django.db import OperationalError

from studio.common.errors import DomainError


class EventsForgotten(OperationalError):
    """The database has lost events that it had taken, after a crash or for an older backup; the
    source has to be read again from where the database is."""


class TagTaken(DomainError):
    code = "name_taken"
    status = 409
    title = "This name is taken"
    when = "The assistant has a tag of this name."
    remedy = "Use the tag that is there."
