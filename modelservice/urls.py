from django.urls import path

from modelservice.service import views

urlpatterns = [
    path("", views.health),
    path("talk/health", views.health),
    path("training", views.trainings),
    path("training/<str:training_id>", views.training),
    path("bot", views.bots),
    path("bot/<str:deployment_id>", views.bot),
    path("test", views.tests),
    path("test/<str:test_id>", views.test),
    path("defaults", views.default_content),
    path("models/<str:model_name>", views.model),
]
