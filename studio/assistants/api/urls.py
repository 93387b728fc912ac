from django.urls import path

from studio.assistants.api import views

urlpatterns = [
    path("assistants/<uuid:assistant_id>/members/", views.MembersView.as_view(), name="members"),
    path(
        "assistants/<uuid:assistant_id>/members/<int:member_id>/",
        views.MemberView.as_view(),
        name="member",
    ),
]
