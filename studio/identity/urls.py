from django.conf import settings
from django.urls import path

from studio.identity import views

_realm = f"realms/{settings.KEYCLOAK_REALM}"
_protocol = f"{_realm}/protocol/openid-connect"

urlpatterns = [
    path(_realm, views.realm),
    path(f"{_realm}/.well-known/openid-configuration", views.discovery),
    path(f"{_protocol}/auth", views.authorize, name="authorize"),
    path(f"{_protocol}/token", views.token, name="token"),
    path(f"{_protocol}/certs", views.certs),
    path(f"{_protocol}/userinfo", views.userinfo, name="userinfo"),
    path(f"{_protocol}/logout", views.logout, name="logout"),
    path(f"{_realm}/login-actions/authenticate", views.authenticate, name="authenticate"),
]
