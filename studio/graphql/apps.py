from django.apps import AppConfig


class GraphqlConfig(AppConfig):
    name = "studio.graphql"
