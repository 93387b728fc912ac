"""Revisions as HTTP knows them: `ETag`, `If-Match` and `If-None-Match`."""

import re
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from studio.common.errors import Invalid

# Some programs leave the quotation marks out.
_TAG = re.compile(r'"?([0-9]{1,15})"?')
_SHAPE = {"type": "string", "pattern": f"^{_TAG.pattern}$"}
ETAG = OpenApiParameter(
    "ETag", _SHAPE, OpenApiParameter.HEADER, response=[200], description="The revision"
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": rf"^({_TAG.pattern}|\*)$"},
    OpenApiParameter.HEADER,
    description="Do it only at this revision; else the answer is 412, and nothing is merged. "
    "`*` is the same as no header.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="Answer 304 without a body while it is at this revision",
)


def wanted_revision(request: Request) -> int | None:
    """That of `If-Match`; None: there is none, or `*`.

    :raises Invalid: it is not one revision
    """
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return None
    found = _TAG.fullmatch(given.strip())
    if found is None:
        raise Invalid('If-Match must be one revision in quotation marks, such as "12".')
    return int(found[1])


def with_etag(document: Mapping[str, Any]) -> Response:
    return Response(document, headers={"ETag": _etag(document)})


def unless_known(request: Request, document: Mapping[str, Any]) -> Response:
    """304 for whoever has this revision already."""
    known = request.headers.get("If-None-Match", "")
    etag = _etag(document)
    if etag in re.split(r"\s*,\s*", known.replace("W/", "").strip()):
        return Response(status=304, headers={"ETag": etag})
    return with_etag(document)


def _etag(document: Mapping[str, Any]) -> str:
    return f'"{document["revision"]}"'
