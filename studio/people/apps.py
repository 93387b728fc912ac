from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "studio.people"
    label = "people"

    def ready(self) -> None:
        # Models can be imported from now on only.
        from studio.accounts import confirmation
        from studio.people.in_keycloak import account_of

        confirmation.ask_by(account_of)
