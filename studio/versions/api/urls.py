from django.urls import URLPattern, URLResolver, include, path

from studio.versions.api import (
    action_views,
    download_views,
    e2e_views,
    prompt_views,
    understanding_views,
    views,
)

_version: list[URLPattern] = [
    path("", views.VersionDetailView.as_view(), name="version"),
    path("stop/", views.VersionStopView.as_view(), name="version-stop"),
    path("activate/", views.VersionActivateView.as_view(), name="version-activate"),
    path("train/", views.VersionTrainView.as_view(), name="version-train"),
    path("log/", views.VersionLogView.as_view(), name="version-log"),
    path("running-log/", views.VersionRunningLogView.as_view(), name="version-running-log"),
    path("model/", views.VersionModelView.as_view(), name="version-model"),
    path("model/link/", views.VersionModelLinkView.as_view(), name="version-model-link"),
    path("input/", views.VersionInputView.as_view(), name="version-input"),
    path("tests/", e2e_views.TestRunsView.as_view(), name="test-runs"),
    path("tests/<uuid:run_id>/", e2e_views.TestRunView.as_view(), name="test-run"),
    path("tests/<uuid:run_id>/accept/", e2e_views.TestAcceptView.as_view(), name="test-run-accept"),
    path("flows/", views.VersionFlowsView.as_view(), name="version-flows"),
]
_versions: list[URLPattern | URLResolver] = [
    path("", views.VersionsView.as_view(), name="versions"),
    path("changes/", views.VersionChangesView.as_view(), name="version-changes"),
    path("<uuid:version_id>/", include(_version)),
]

urlpatterns = [
    path("assistants/<uuid:assistant_id>/versions/", include(_versions)),
    path(
        "deployments/<slug:deployment>/access/",
        views.DeploymentAccessView.as_view(),
        name="deployment-access",
    ),
    path(
        "download/model-file/<str:version>",
        download_views.NamedModelView.as_view(),
        name="model-file",
    ),
    path(
        "download/model-input/<str:version>",
        download_views.NamedInputView.as_view(),
        name="model-input",
    ),
    path(
        "assistants/<uuid:assistant_id>/understand/",
        understanding_views.UnderstandView.as_view(),
        name="understand",
    ),
    path(
        "assistants/<uuid:assistant_id>/model-prompts/<str:prompt>/preview/",
        prompt_views.PromptPreviewView.as_view(),
        name="prompt-preview",
    ),
    path(
        "assistants/<uuid:assistant_id>/action-runs/",
        action_views.ActionRunsView.as_view(),
        name="action-runs",
    ),
]
