from django.urls import path

from studio.home.api import views

urlpatterns = [
    path("samples/", views.SamplesView.as_view(), name="samples"),
    path("git-hosts/", views.GitHostsView.as_view(), name="git-hosts"),
    path("assistants/", views.AssistantsView.as_view(), name="assistants"),
    path("assistants/import/", views.AssistantImportView.as_view(), name="assistant-import"),
    path("assistants/<uuid:assistant_id>/", views.AssistantDetailView.as_view(), name="assistant"),
    path(
        "assistants/<uuid:assistant_id>/deleted/",
        views.DeletedAssistantView.as_view(),
        name="assistant-deleted",
    ),
    path(
        "assistants/<uuid:assistant_id>/undelete/",
        views.AssistantUndeleteView.as_view(),
        name="assistant-undelete",
    ),
    path(
        "assistants/<uuid:assistant_id>/duplicate/",
        views.AssistantDuplicateView.as_view(),
        name="assistant-duplicate",
    ),
]
