from django.urls import URLPattern, include, path

from modelservice.project.model import Kind
from studio.content.api import (
    action_server_views,
    action_views,
    branch_views,
    content_views,
    e2e_views,
    file_views,
    history_views,
    item_views,
    language_model_views,
    language_views,
    project_views,
    prompt_views,
    response_views,
    slot_views,
    translation_views,
    understanding_views,
    unused_views,
)
from studio.content.api.base import ContentView


def _items(
    noun: str,
    kind: Kind,
    many: type[item_views.ItemsView],
    one: type[item_views.ItemView],
    restore: type[ContentView] | None = None,
) -> list[URLPattern]:
    """Ids may hold slashes (`utter_faq/ask`, paths of prompts), so actions come first."""
    restoring = (restore or item_views.restore_view(kind)).as_view()
    return [
        path(f"{noun}/", many.as_view(), name=noun),
        path(f"{noun}/<path:item_id>/restore/", restoring, name=f"{noun}-restore"),
        path(f"{noun}/<path:item_id>/", one.as_view(), name=f"{noun}-item"),
    ]


def _actions(noun: str, **views: type[ContentView]) -> list[URLPattern]:
    return [
        path(f"{noun}/<path:item_id>/{word}/", view.as_view(), name=f"{noun}-{word}")
        for word, view in views.items()
    ]


def _restore(noun: str, kind: Kind) -> URLPattern:
    view = item_views.restore_view(kind).as_view()
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
    *_actions(
        "responses",
        duplicate=response_views.ResponseDuplicateView,
        rename=response_views.ResponseRenameView,
        context=response_views.ResponseContextView,
    ),
    *_items("responses", Kind.RESPONSE, response_views.ResponsesView, response_views.ResponseView),
    path("slots/<path:item_id>/uses/", slot_views.SlotUsesView.as_view(), name="slot-uses"),
    path("slots/<path:item_id>/values/", slot_views.SlotValuesView.as_view(), name="slot-values"),
    path(
        "slots/<path:item_id>/values/rename/",
        slot_views.SlotValueRenameView.as_view(),
        name="slot-value-rename",
    ),
    path("slots/<path:item_id>/rename/", item_views.SlotRenameView.as_view(), name="slot-rename"),
    *_items("slots", Kind.SLOT, item_views.SlotsView, item_views.SlotView),
    path("actions/<path:item_id>/code/", action_views.ActionCodeView.as_view(), name="action-code"),
    *_items("actions", Kind.ACTION, item_views.ActionsView, item_views.ActionView),
    *_actions(
        "intents",
        rename=understanding_views.IntentRenameView,
        examples=understanding_views.IntentExamplesView,
    ),
    *_items(
        "intents",
        Kind.INTENT,
        understanding_views.IntentsView,
        understanding_views.IntentView,
        understanding_views.IntentRestoreView,
    ),
    *_actions("entities", rename=understanding_views.EntityRenameView),
    *_items(
        "entities", Kind.ENTITY, understanding_views.EntitiesView, understanding_views.EntityView
    ),
    *_items(
        "word-lists", Kind.NLU, understanding_views.WordListsView, understanding_views.WordListView
    ),
    path("examples/", understanding_views.ExamplesView.as_view(), name="examples"),
    path("examples/close/", understanding_views.ClosePairsView.as_view(), name="close-examples"),
    *_items("prompts", Kind.PROMPT, item_views.PromptsView, item_views.PromptView),
    path("model-prompts/", prompt_views.ModelPromptsView.as_view(), name="model-prompts"),
    path(
        "model-prompts/<str:prompt>/", prompt_views.ModelPromptView.as_view(), name="model-prompt"
    ),
    path("system-flows/", content_views.SystemFlowsView.as_view(), name="system-flows"),
    _restore("system-flows", Kind.SYSTEM_FLOW),
    path(
        "system-flows/<path:item_id>/",
        content_views.SystemFlowView.as_view(),
        name="system-flow",
    ),
    path("buttons/", content_views.ButtonsView.as_view(), name="buttons"),
    path("links/", content_views.LinksView.as_view(), name="links"),
    path("unused/", unused_views.UnusedView.as_view(), name="unused"),
    path("config/", content_views.ConfigView.as_view(), name="config"),
    path("endpoints/", content_views.EndpointsView.as_view(), name="endpoints"),
    path(
        "action-server/",
        action_server_views.ActionServerView.as_view(),
        name="action-server",
    ),
    path(
        "action-server/check/",
        action_server_views.ActionServerCheckView.as_view(),
        name="action-server-check",
    ),
    path(
        "language-model/",
        language_model_views.LanguageModelView.as_view(),
        name="language-model",
    ),
    path(
        "language-model/try/",
        language_model_views.LanguageModelTryView.as_view(),
        name="language-model-try",
    ),
    path(
        "language-model/variables/",
        language_model_views.VariablesView.as_view(),
        name="language-model-variables",
    ),
    path("languages/", language_views.LanguagesView.as_view(), name="languages"),
    path("languages/<str:code>/", language_views.LanguageView.as_view(), name="language"),
    path(
        "languages/<str:code>/default/",
        language_views.LanguageDefaultView.as_view(),
        name="language-default",
    ),
    path("tests/", e2e_views.TestsView.as_view(), name="tests"),
    path("tests/recorded/", e2e_views.TestRecordView.as_view(), name="test-record"),
    path("tests/<path:test_id>/rename/", e2e_views.TestRenameView.as_view(), name="test-rename"),
    path("tests/<path:test_id>/yaml/", e2e_views.TestYamlView.as_view(), name="test-yaml"),
    path("tests/<path:test_id>/", e2e_views.TestView.as_view(), name="test"),
    path("translations/", translation_views.TranslationsView.as_view(), name="translations"),
    path(
        "translations/judge/",
        translation_views.TranslationsJudgeView.as_view(),
        name="translations-judge",
    ),
    path(
        "translations/export/",
        translation_views.TranslationsExportView.as_view(),
        name="translations-export",
    ),
    path(
        "translations/import/",
        translation_views.TranslationsImportView.as_view(),
        name="translations-import",
    ),
    path("files/", file_views.FilesView.as_view(), name="files"),
    path("files/<path:path>/rename/", file_views.FileRenameView.as_view(), name="file-rename"),
    path("files/<path:path>/content/", file_views.FileContentView.as_view(), name="file-content"),
    path("files/<path:path>/", file_views.FileView.as_view(), name="file"),
    path("validation/", content_views.ValidationView.as_view(), name="validation"),
    path("history/", content_views.HistoryView.as_view(), name="history"),
    path("commits/", history_views.CommitsView.as_view(), name="commits"),
    path("commits/<int:number>/", history_views.CommitView.as_view(), name="commit"),
    path("compare/", history_views.CompareView.as_view(), name="compare"),
    path("replace/", response_views.ReplaceView.as_view(), name="replace"),
    path("delete/", response_views.DeleteView.as_view(), name="content-delete"),
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
