from django.urls import path

from modelservice.service import action_servers, language_models, operations, views

urlpatterns = [
    path("", operations.health),
    path("talk/health", operations.health),
    path("training", views.trainings),
    path("training/<str:training_id>", views.training),
    path("bot", views.bots),
    path("bot/<str:deployment_id>", views.bot),
    path("models/<str:model_name>", views.model),
    path("defaults", views.default_content),
    path("project_template", views.project_template),
    path("projects/<str:project_id>", operations.project),
    # ours
    path("bot/<str:deployment_id>/parse", operations.parse),
    path("bot/<str:deployment_id>/prompt", operations.prompt),
    path("llm/try", language_models.try_it),
    path("llm/variables", language_models.variables),
    path("action-server/check", action_servers.check),
    path("action", operations.action),
    path("test", operations.tests),
    path("test/<str:test_id>", operations.test),
    path("models", operations.models),
    path("clean", operations.cleaning),
    path("ready", operations.ready),
    path("metrics", operations.metrics),
    path("openapi.yaml", operations.openapi),
]
handler404 = operations.not_found
handler500 = operations.broken
