"""Where programs fetch trained models (Rasa Studio's CI API)."""

from urllib.parse import quote, urlencode
from uuid import UUID

import strawberry
from django.conf import settings

from studio.accounts.roles import Permission
from studio.assistants.access import access
from studio.common.errors import NotFound
from studio.graphql.context import Info
from studio.versions.selectors import LATEST, version_named


@strawberry.type
class ModelDownloadUrls:
    """Both need an access token with the right to download models."""

    model_file_url: str
    model_input_url: str


@strawberry.input
class ModelDownloadUrlsInput:
    """The newest trained version, where none is named."""

    assistant_id: strawberry.ID
    assistant_version_name: str = LATEST


@strawberry.type
class ModelQuery:
    @strawberry.field
    def model_download_urls(self, info: Info, input: ModelDownloadUrlsInput) -> ModelDownloadUrls:
        try:
            assistant_id = UUID(str(input.assistant_id))
        except ValueError as error:
            raise NotFound("There is no such assistant.") from error
        assistant = access(info.context.user, assistant_id, Permission.MODEL_DOWNLOAD)
        version = version_named(assistant, input.assistant_version_name)
        query = urlencode({"assistant": assistant.pk})
        base = f"{settings.PUBLIC_URL}/api/v1/download"
        name = quote(version.name or str(version.number), safe="")
        return ModelDownloadUrls(
            model_file_url=f"{base}/model-file/{name}?{query}",
            model_input_url=f"{base}/model-input/{name}?{query}",
        )
