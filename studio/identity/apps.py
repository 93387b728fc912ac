from django.apps import AppConfig
from django.conf import settings


class IdentityConfig(AppConfig):
    name = "studio.identity"
    label = "identity"

    def ready(self) -> None:
        from studio.identity import checks, keys  # noqa: F401  registers the system checks

        if settings.STUDIO_IDENTITY == "local":
            keys.ensure_signing_key(settings.IDENTITY_DIR)
