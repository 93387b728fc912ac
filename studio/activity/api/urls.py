from django.urls import path

from studio.activity.api.views import AuditExportView, AuditView

urlpatterns = [
    path("audit/", AuditView.as_view(), name="audit"),
    path("audit/export/", AuditExportView.as_view(), name="audit-export"),
]
