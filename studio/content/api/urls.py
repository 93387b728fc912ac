from django.urls import URLPattern, include, path

from modelservice.project.model import Kind
from studio.content.api import (
    branch_views,
    content_views,
    history_views,
    item_views,
    project_views,
)


def _items(
    noun: str, kind: Kind, many: type[item_views.ItemsView], one: type[item_views.ItemView]
) -> list[URLPattern]:
    """Ids may hold slashes (`utter_faq/ask`, paths of prompts), so actions come first."""
    return [
        path(f"{noun}/", many.as_view(), name=noun),
        _restore(noun, kind),
        path(f"{noun}/<path:item_id>/", one.as_view(), name=f"{noun}-item"),
    ]


def _restore(noun: str, kind: Kind) -> URLPattern:
    view = item_views.ItemRestoreView.as_view(kind=kind)
    return path(f"{noun}/<path:item_id>/restore/", view, name=f"{noun}-restore")


_content = [
    path(
        "flows/<path:item_id>/duplicate/",
        item_views.FlowDuplicateView.as_view(),
        name="flow-duplicate",
    ),
    path(
        "flows/<path:item_id>/examples/",
        item_views.FlowExamplesView.as_view(),
        name="flow-examples",
    ),
    path("flows/<path:item_id>/rename/", item_views.FlowRenameView.as_view(), name="flow-rename"),
    *_items("flows", Kind.FLOW, item_views.FlowsView, item_views.FlowView),
    *_items("responses", Kind.RESPONSE, item_views.ResponsesView, item_views.ResponseView),
    path("slots/<path:item_id>/rename/", item_views.SlotRenameView.as_view(), name="slot-rename"),
    *_items("slots", Kind.SLOT, item_views.SlotsView, item_views.SlotView),
    *_items("actions", Kind.ACTION, item_views.ActionsView, item_views.ActionView),
    *_items("intents", Kind.INTENT, item_views.IntentsView, item_views.IntentView),
    *_items("entities", Kind.ENTITY, item_views.EntitiesView, item_views.EntityView),
    *_items("prompts", Kind.PROMPT, item_views.PromptsView, item_views.PromptView),
    path("system-flows/", content_views.SystemFlowsView.as_view(), name="system-flows"),
    _restore("system-flows", Kind.SYSTEM_FLOW),
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
    path("validation/", content_views.ValidationView.as_view(), name="validation"),
    path("history/", content_views.HistoryView.as_view(), name="history"),
    path("commits/", history_views.CommitsView.as_view(), name="commits"),
    path("commits/<int:number>/", history_views.CommitView.as_view(), name="commit"),
    path("compare/", history_views.CompareView.as_view(), name="compare"),
    path("restore/", history_views.RestoreView.as_view(), name="content-restore"),
    path("branches/", branch_views.BranchesView.as_view(), name="branches"),
    path(
        "branches/<path:name>/merge/", branch_views.BranchMergeView.as_view(), name="branch-merge"
    ),
    path("branches/<path:name>/", branch_views.BranchView.as_view(), name="branch"),
    path("import/", project_views.ImportIntoView.as_view(), name="import-into"),
    path("export/", project_views.AssistantExportView.as_view(), name="assistant-export"),
    path(
        "export/link/",
        project_views.AssistantExportLinkView.as_view(),
        name="assistant-export-link",
    ),
]

urlpatterns = [path("assistants/<uuid:assistant_id>/", include(_content))]
