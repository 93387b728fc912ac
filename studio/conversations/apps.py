from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "studio.conversations"

    def ready(self) -> None:
        from studio.conversations.services.versions import conversations_of_model
        from studio.versions.signals import model_known

        model_known.connect(conversations_of_model)
