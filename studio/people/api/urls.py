from django.urls import include, path

from studio.people.api import own_views, views

_person = [
    path("", views.AccountView.as_view(), name="user"),
    path("sign-out/", views.AccountSignOutView.as_view(), name="user-sign-out"),
    path("invite/", views.AccountInviteView.as_view(), name="user-invite"),
]

urlpatterns = [
    path("me/account/", own_views.OwnAccountView.as_view(), name="own-account"),
    path("me/password/", own_views.OwnPasswordView.as_view(), name="own-password"),
    path("users/", views.AccountsView.as_view(), name="users"),
    path("users/directory/", views.DirectoryView.as_view(), name="user-directory"),
    path("users/<uuid:person_id>/", include(_person)),
]
