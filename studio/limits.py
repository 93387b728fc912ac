"""How long the bodies of requests may be, before anybody reads them."""

import json

from django.conf import settings

from modelservice.common.body_limits import BodyLimits, Headers, Refusal
from studio.accounts.realm import IdentityUnavailable, InvalidToken
from studio.accounts.tokens import verify_access_token
from studio.common.problems import CONTENT_TYPE, problem
from studio.common.threads import OwnThreads

# Whatever is shorter anybody may send: it is read before the sender is known.
_FREE_BYTES = 64 * 1024
# What a form adds to its file: an import names the items that are taken.
_FORM_BYTES = 1024 * 1024
_ASSISTANTS, _IMPORT = "/api/v1/assistants/", "/import/"
_CODES = {401: "not_authenticated", 413: "too_large"}
_threads = OwnThreads("body-limits", 4)


async def _allowed(path: str, headers: Headers) -> int | Refusal:
    given = dict(headers).get(b"authorization", b"").decode("latin-1")
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer":
        return _refused(401, "Sign in before you send so much: Authorization: Bearer …")
    try:
        await _threads.run(verify_access_token, token.strip())
    except InvalidToken as error:
        return _refused(401, str(error))
    except IdentityUnavailable as error:
        return _refused(503, str(error))
    if path.startswith(_ASSISTANTS) and path.endswith(_IMPORT):
        return int(settings.IMPORT_MAX_BYTES) + _FORM_BYTES
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _refused(status: int, detail: str) -> Refusal:
    # The list is what clients of GraphQL look for.
    body = problem(status, _CODES.get(status, "invalid"), detail, errors=[{"message": detail}])
    return Refusal(status, CONTENT_TYPE, json.dumps(body).encode())


LIMITS = BodyLimits(_FREE_BYTES, _allowed, _refused)
