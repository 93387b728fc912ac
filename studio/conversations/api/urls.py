from django.urls import include, path

from studio.conversations.api import e2e_views, unfitted_views, views

_conversation = [
    path("", views.ConversationDetailView.as_view(), name="conversation"),
    path("events/", views.ConversationEventsView.as_view(), name="conversation-events"),
    path("test/", e2e_views.ConversationTestView.as_view(), name="conversation-test"),
    path("tags/", views.ConversationTagsView.as_view(), name="conversation-tags"),
]

urlpatterns = [
    path("conversations/", views.ConversationsView.as_view(), name="conversations"),
    path(
        "conversations/summary/",
        views.ConversationSummaryView.as_view(),
        name="conversations-summary",
    ),
    path("conversations/waiting/", views.WaitingEventsView.as_view(), name="conversations-waiting"),
    path("conversations/bulk/", views.ConversationBulkView.as_view(), name="conversations-bulk"),
    path("conversations/<uuid:conversation_id>/", include(_conversation)),
    path(
        "assistants/<uuid:assistant_id>/unfitted/",
        unfitted_views.UnfittedView.as_view(),
        name="unfitted",
    ),
    path("tags/", views.TagsView.as_view(), name="tags"),
    path("tags/<uuid:tag_id>/", views.TagView.as_view(), name="tag"),
]
