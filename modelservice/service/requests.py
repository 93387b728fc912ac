"""Bodies of requests, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelservice.service.errors import Rejected
from modelservice.service.store import checked_id, write_parts
from modelservice.service.zips import check_names, copy_project, unpack

_PLACES = {
    "domain": "domain.yml",
    "credentials": "credentials.yml",
    "endpoints": "endpoints.yml",
    "config": "config.yml",
    "flows": "data/flows.yml",
    "nlu": "data/nlu.yml",
    "stories": "data/stories.yml",
    "rules": "data/rules.yml",
}
_BOT_PLACES = {
    "config": "config.yml",
    "endpoints": "endpoints.yml",
    "credentials": "credentials.yml",
}
_MAX_CLIENT_ID = 200


@dataclass(frozen=True)
class TrainingRequest:
    """`source` is the map of base64 texts of the JSON variant, or the zip of the other."""

    training_id: str
    assistant_id: str
    client_id: str
    source: Mapping[str, Any] | Path
    deploy: bool = False

    def write(self, directory: Path) -> None:
        """
        :raises Rejected: something in it is not what it should be
        :raises OSError:
        """
        directory.mkdir(parents=True, exist_ok=True)
        if isinstance(self.source, Path):
            unpack(self.source, directory)
            if self.deploy:
                check_names(directory)
        else:
            write_parts(directory, self.source, _PLACES)

    @property
    def fixed_model_name(self) -> str | None:
        """A zip's model is named as its training."""
        return self.training_id if isinstance(self.source, Path) else None


def training_request(fields: Mapping[str, Any], archive: Path | None = None) -> TrainingRequest:
    """
    :raises Rejected:
    """
    training_id = checked_id(fields.get("id"), "Training id")
    assistant_id = checked_id(fields.get("assistant_id"), "Assistant id")
    client_id = fields.get("client_id") or ""
    if not isinstance(client_id, str) or len(client_id) > _MAX_CLIENT_ID:
        raise Rejected(400, f"client_id must be a text of at most {_MAX_CLIENT_ID} characters")
    deploy = str(fields.get("deploy") or False).lower()
    if deploy not in {"true", "false"}:
        raise Rejected(400, "deploy must be true or false")
    if deploy == "true" and archive is None:
        raise Rejected(400, "deploy needs the zip of a project")
    source = archive or _data_of(fields)
    return TrainingRequest(training_id, assistant_id, client_id, source, deploy=deploy == "true")


@dataclass(frozen=True)
class BotRequest:
    """`files` is the map of base64 texts, or the folder of a project that has been unpacked."""

    deployment_id: str
    model_name: str
    files: Mapping[str, Any] | Path

    def write(self, directory: Path) -> None:
        """
        :raises Rejected:
        :raises OSError:
        """
        (directory / "models").mkdir(parents=True, exist_ok=True)
        if isinstance(self.files, Path):
            copy_project(self.files, directory)
            write_parts(directory, {}, _missing(directory))
        else:
            write_parts(directory, self.files, _BOT_PLACES)


def _missing(directory: Path) -> dict[str, str]:
    """Files that a bot is started with whether a project has them or not."""
    return {key: place for key, place in _BOT_PLACES.items() if not (directory / place).exists()}


def bot_request(body: Mapping[str, Any]) -> BotRequest:
    """
    :raises Rejected:
    """
    deployment_id = checked_id(body.get("deployment_id"), "Deployment id")
    model_name = body.get("model_name")
    if not isinstance(model_name, str) or not model_name:
        raise Rejected(400, "Model name is required")
    return BotRequest(deployment_id, model_name, config_of(body))


def config_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    config = body.get("bot_config") or {}
    if not isinstance(config, dict):
        raise Rejected(400, "bot_config must be a map of names to base64 texts")
    return config


def _data_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    config = body.get("bot_config")
    data = config.get("data") if isinstance(config, dict) else None
    if not isinstance(data, dict):
        raise Rejected(400, "bot_config.data is required")
    return data
