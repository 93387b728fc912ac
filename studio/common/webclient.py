"""The built web client, served by the backend where no nginx stands in front of it.

In production `frontend/` is a container of its own; `make up` and the tests have one process.
"""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import drf_spectacular_sidecar
from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from whitenoise.middleware import WhiteNoiseMiddleware

from studio.common.addresses import is_loopback

_OURS = ("/api/", "/auth/", "/talk/")
# The page of the API's description.
_API_DOCS = Path(drf_spectacular_sidecar.__file__).parent / "static" / "drf_spectacular_sidecar"
_HASHED = re.compile(r"/assets/.+-[A-Za-z0-9_-]{8,}\.\w+$")


class WebClientMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """Files of `WEB_CLIENT_DIR`; every other address that is not the backend's gets `index.html`,
    because the client's router owns it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response, settings)
        self.directory = Path(settings.WEB_CLIENT_DIR)
        if self.directory.is_dir():
            self.add_files(str(self.directory), prefix="/")
        self.add_files(str(_API_DOCS), prefix=settings.STATIC_URL + _API_DOCS.name)
        self.index_file = True

    def immutable_file_test(self, path: str, url: str) -> bool:
        return bool(_HASHED.search(url))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path == "/config.js":
            return _run_time_configuration()
        if path.startswith(_OURS) and not path.startswith(settings.STATIC_URL):
            passed_on: HttpResponseBase = self.get_response(request)
            return passed_on
        if (elsewhere := _public_address(request)) and "." not in path.rsplit("/", 1)[-1]:
            return HttpResponseRedirect(elsewhere)
        response: HttpResponseBase = super().__call__(request)
        if response.status_code == 404 and request.method in {"GET", "HEAD"}:
            return self._index(path) or response
        return response

    def _index(self, path: str) -> FileResponse | None:
        index = self.directory / "index.html"
        if "." in path.rsplit("/", 1)[-1] or not index.is_file():
            return None
        response = FileResponse(index.open("rb"), content_type="text/html; charset=utf-8")
        response["Cache-Control"] = "no-cache"
        return response


def _public_address(request: HttpRequest) -> str | None:
    """For a page that was asked for by another name of this machine (`localhost` for `127.0.0.1`):
    where it is by its public name, because the embedded sign-in returns to that alone."""
    public = urlsplit(settings.PUBLIC_URL)
    asked = urlsplit(f"//{request.get_host()}")
    if settings.STUDIO_IDENTITY != "local" or asked.netloc == public.netloc:
        return None
    same_server = asked.port == public.port and is_loopback(asked.hostname or "")
    if not same_server or not is_loopback(public.hostname or ""):
        return None
    return f"{settings.PUBLIC_URL}{request.get_full_path()}"


def _run_time_configuration() -> HttpResponse:
    """The same file that the web client's container mounts (names as Rasa Studio's client)."""
    public = settings.KEYCLOAK_PUBLIC_URL
    values = {
        "API_ENDPOINT": "/api",
        "KEYCLOAK_URL": "/auth" if settings.STUDIO_IDENTITY == "local" else public,
        "KEYCLOAK_REALM": settings.KEYCLOAK_REALM,
        "KEYCLOAK_CLIENT_ID": settings.KEYCLOAK_CLIENT_ID,
        "CURRENT_VERSION_NUMBER": settings.VERSION,
        "IMAGE_SOURCES": " ".join(settings.IMAGE_SOURCES),
    }
    lines = "".join(f"window.{name} = {value!r};\n" for name, value in values.items())
    response = HttpResponse(lines, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
