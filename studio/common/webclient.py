"""The built web client, served by the backend where no nginx stands in front of it.

In production `frontend/` is a container of its own; `make up` and the tests have one process.
"""

import re
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

_OURS = ("/api/", "/auth/", "/talk/")
_HASHED = re.compile(r"/assets/.+-[A-Za-z0-9_-]{8,}\.\w+$")


class WebClientMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """Files of `WEB_CLIENT_DIR`; every other address that is not the backend's gets `index.html`,
    because the client's router owns it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response, settings)
        self.directory = Path(settings.WEB_CLIENT_DIR)
        if self.directory.is_dir():
            self.add_files(str(self.directory), prefix="/")
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


def _run_time_configuration() -> HttpResponse:
    """The same file that the web client's container mounts (names as Rasa Studio's client)."""
    public = settings.KEYCLOAK_PUBLIC_URL
    values = {
        "API_ENDPOINT": "/api",
        "KEYCLOAK_URL": "/auth" if settings.STUDIO_IDENTITY == "local" else public,
        "KEYCLOAK_REALM": settings.KEYCLOAK_REALM,
        "KEYCLOAK_CLIENT_ID": settings.KEYCLOAK_CLIENT_ID,
        "CURRENT_VERSION_NUMBER": settings.VERSION,
    }
    lines = "".join(f"window.{name} = {value!r};\n" for name, value in values.items())
    response = HttpResponse(lines, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
