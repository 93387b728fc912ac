from django.urls import path

from studio.accounts.api import token_views
from studio.accounts.api.views import MeView

urlpatterns = [
    path("me/", MeView.as_view(), name="me"),
    path("me/tokens/", token_views.OwnTokensView.as_view(), name="own-tokens"),
    path("me/tokens/options/", token_views.TokenOptionsView.as_view(), name="token-options"),
    path("me/tokens/<uuid:token_id>/", token_views.OwnTokenView.as_view(), name="own-token"),
    path("tokens/", token_views.TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:token_id>/", token_views.TokenView.as_view(), name="token"),
]
