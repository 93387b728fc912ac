from django.urls import include, path

from studio.conversations.api import views

_conversation = [
    path("", views.ConversationDetailView.as_view(), name="conversation"),
    path("events/", views.ConversationEventsView.as_view(), name="conversation-events"),
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
    path("tags/", views.TagsView.as_view(), name="tags"),
    path("tags/<uuid:tag_id>/", views.TagView.as_view(), name="tag"),
]
