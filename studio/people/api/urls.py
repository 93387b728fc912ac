from django.urls import include, path

from studio.people.api import views

_person = [
    path("", views.AccountView.as_view(), name="user"),
    path("sign-out/", views.AccountSignOutView.as_view(), name="user-sign-out"),
    path("invite/", views.AccountInviteView.as_view(), name="user-invite"),
]

urlpatterns = [
    path("users/", views.AccountsView.as_view(), name="users"),
    path("users/directory/", views.DirectoryView.as_view(), name="user-directory"),
    path("users/<uuid:person_id>/", include(_person)),
]
