from django.apps import AppConfig


class KeycloakConfig(AppConfig):
    name = "studio.keycloak"
    label = "keycloak"
