"""Every address of the backend: one include per app."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_GET
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from studio.common.health import part_problems


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Alive. `problems` are those of other parts: they are no reason to end this process."""
    body = {"status": "ok", "version": settings.VERSION, "problems": part_problems()}
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


handler404 = "studio.common.problems.not_found"
handler500 = "studio.common.problems.server_error"

_rest: list[URLPattern | URLResolver] = [
    path("", include("studio.accounts.api.urls")),
    path("", include("studio.activity.api.urls")),
    path("", include("studio.people.api.urls")),
    path("", include("studio.home.api.urls")),
    path("", include("studio.assistants.api.urls")),
    path("", include("studio.content.api.urls")),
    path("", include("studio.versions.api.urls")),
    path("", include("studio.conversations.api.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/health", health),
    path("api/v1/", include(_rest)),
    path("api/", include("studio.graphql.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
if settings.STUDIO_IDENTITY == "local":
    urlpatterns.append(path("auth/", include("studio.identity.urls")))
