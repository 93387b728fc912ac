"""What is remembered of calls that name an `Idempotency-Key`, so that sending one again is safe."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.accounts.models import IdempotentCall, User
from studio.common.errors import DomainError

KEPT_FOR = timedelta(hours=24)
# Whoever is not answered by then was cut off: the process ended in the middle of it.
_LONGEST_CALL = timedelta(minutes=10)
MAX_KEY_LENGTH = 255
MAX_BODY_LENGTH = 256 * 1024
MAX_CALLS_PER_PERSON = 10_000


class KeyUsedForOther(DomainError):
    code = "idempotency_key_reused"
    status = 422
    title = "This Idempotency-Key belongs to another call"
    when = "You sent something else with this key to this address, less than 24 hours ago."
    remedy = "Use a new key for a new call."


class StillRunning(DomainError):
    code = "idempotency_in_progress"
    status = 409
    title = "The call is still being carried out"
    when = "The first call with this key has not been answered yet."
    remedy = "Send it again a little later, with the same key."


class OutcomeUnknown(DomainError):
    code = "idempotency_outcome_unknown"
    status = 409
    title = "Nobody knows whether the call was carried out"
    when = "The first call with this key was cut off, as by a server that stopped."
    remedy = "Look whether it was done; if it was not, send it with a new key."


class AnswerNotKept(DomainError):
    code = "idempotency_answer_not_kept"
    status = 409
    title = "The call was carried out; its answer was not kept"
    when = "The answer to the first call with this key was a stream, or larger than 256 kB."
    remedy = "Read what it made."


class TooManyKeys(DomainError):
    code = "idempotency_too_many_keys"
    status = 429
    title = "Too many calls with an Idempotency-Key"
    when = "You have used 10,000 keys within 24 hours."
    remedy = "Send the call without a key, or tomorrow."


def begin(*, user: User, key: str, path: str, fingerprint: str) -> IdempotentCall:
    """A call to carry out (its `status` is None), or the answered one to answer as before.

    :raises KeyUsedForOther: something else was sent with this key
    :raises StillRunning:
    :raises OutcomeUnknown: it was begun, and cut off
    :raises AnswerNotKept:
    :raises TooManyKeys:
    """
    now = timezone.now()
    IdempotentCall.objects.filter(started_at__lt=now - KEPT_FOR).delete()
    if IdempotentCall.objects.filter(user=user).count() >= MAX_CALLS_PER_PERSON:
        message = f"A person may have {MAX_CALLS_PER_PERSON} in 24 hours. Send it without a key."
        raise TooManyKeys(message)
    same = {"user": user, "key": key, "path": path}
    try:
        # The database decides which of two calls at once is the first.
        with transaction.atomic():
            return IdempotentCall.objects.create(**same, fingerprint=fingerprint, started_at=now)
    except IntegrityError:
        before = IdempotentCall.objects.filter(**same).first()
    if before is None:  # it failed, and was forgotten just now
        raise StillRunning("The same call has just failed. Send it again.")
    _check_answered(before, fingerprint)
    return before


def finish(call: IdempotentCall, *, status: int, headers: dict[str, str], body: str) -> None:
    """Only what was carried out is kept: what was refused, or failed, changed nothing, and can be
    sent again with its key."""
    if not 200 <= status < 300:
        forget(call)
        return
    call.status, call.headers = status, headers
    call.body = body if len(body) <= MAX_BODY_LENGTH else None
    call.save(update_fields=["status", "headers", "body"])


def forget(call: IdempotentCall) -> None:
    IdempotentCall.objects.filter(pk=call.pk).delete()


def _check_answered(before: IdempotentCall, fingerprint: str) -> None:
    if before.fingerprint != fingerprint:
        message = "Something else was sent with this Idempotency-Key. Take a new one for each call."
        raise KeyUsedForOther(message)
    if before.status is None:
        if timezone.now() - before.started_at < _LONGEST_CALL:
            raise StillRunning("Ask again a little later, with the same key.")
        message = "It was cut off. Look whether it is there; if not, send it with a new key."
        raise OutcomeUnknown(message)
    if before.body is None:
        raise AnswerNotKept(f"It was answered with {before.status}, at too great a length.")
