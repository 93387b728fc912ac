from django.urls import URLPattern, include, path

from modelservice.project.model import Kind
from studio.assistants.api import assistant_views, content_views, item_views


def _items(
    noun: str, kind: Kind, many: type[item_views.ItemsView], one: type[item_views.ItemView]
) -> list[URLPattern]:
    """Ids may hold slashes (`utter_faq/ask`, paths of prompts), so actions come first."""
    restore = item_views.ItemRestoreView.as_view(kind=kind)
    return [
        path(f"{noun}/", many.as_view(), name=noun),
        path(f"{noun}/<path:item_id>/restore/", restore, name=f"{noun}-restore"),
        path(f"{noun}/<path:item_id>/", one.as_view(), name=f"{noun}-item"),
    ]


_content = [
    path(
        "flows/<path:item_id>/duplicate/",
        item_views.FlowDuplicateView.as_view(),
        name="flow-duplicate",
    ),
    path("flows/<path:item_id>/rename/", item_views.FlowRenameView.as_view(), name="flow-rename"),
    *_items("flows", Kind.FLOW, item_views.FlowsView, item_views.FlowView),
    *_items("responses", Kind.RESPONSE, item_views.ResponsesView, item_views.ResponseView),
    *_items("slots", Kind.SLOT, item_views.SlotsView, item_views.SlotView),
    *_items("actions", Kind.ACTION, item_views.ActionsView, item_views.ActionView),
    *_items("intents", Kind.INTENT, item_views.IntentsView, item_views.IntentView),
    *_items("entities", Kind.ENTITY, item_views.EntitiesView, item_views.EntityView),
    *_items("prompts", Kind.PROMPT, item_views.PromptsView, item_views.PromptView),
    path("system-flows/", content_views.SystemFlowsView.as_view(), name="system-flows"),
    path(
        "system-flows/<path:item_id>/",
        content_views.SystemFlowView.as_view(),
        name="system-flow",
    ),
    path("buttons/", content_views.ButtonsView.as_view(), name="buttons"),
    path("links/", content_views.LinksView.as_view(), name="links"),
    path("config/", content_views.ConfigView.as_view(), name="config"),
    path("endpoints/", content_views.EndpointsView.as_view(), name="endpoints"),
    path("files/", content_views.FilesView.as_view(), name="files"),
    path("history/", content_views.HistoryView.as_view(), name="history"),
    path("validation/", content_views.ValidationView.as_view(), name="validation"),
    path("restore/", assistant_views.AssistantRestoreView.as_view(), name="assistant-restore"),
    path(
        "duplicate/", assistant_views.AssistantDuplicateView.as_view(), name="assistant-duplicate"
    ),
    path("export/", assistant_views.AssistantExportView.as_view(), name="assistant-export"),
    path(
        "export/link/",
        assistant_views.AssistantExportLinkView.as_view(),
        name="assistant-export-link",
    ),
]

urlpatterns = [
    path("samples/", assistant_views.SamplesView.as_view(), name="samples"),
    path("assistants/", assistant_views.AssistantsView.as_view(), name="assistants"),
    path(
        "assistants/import/",
        assistant_views.AssistantImportView.as_view(),
        name="assistant-import",
    ),
    path(
        "assistants/<uuid:assistant_id>/",
        assistant_views.AssistantDetailView.as_view(),
        name="assistant",
    ),
    path("assistants/<uuid:assistant_id>/", include(_content)),
]
