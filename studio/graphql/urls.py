"""With and without the slash: a redirect would lose the body."""

from django.urls import path

from studio.graphql.views import graphql_view

urlpatterns = [
    path("graphql/", graphql_view, name="graphql"),
    path("graphql", graphql_view),
]
