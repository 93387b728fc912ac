"""A small assistant in a running Studio, for tests of what is around it: a sample trains longer."""

from tests.project.example import zip_of
from tests.running_studio import RunningStudio

FILES = {
    "config.yml": b"recipe: default.v1\nlanguage: en\nassistant_id: tea\n",
    "domain.yml": b"responses:\n  utter_tea:\n  - text: One tea.\n",
    "data/flows.yml": b"flows:\n  order_tea:\n    description: order a cup of tea\n    steps:\n"
    b"    - action: utter_tea\n",
}


def import_tea(studio: RunningStudio, name: str) -> str:
    """The id of the new assistant."""
    with studio.api() as api:
        answer = api.post(
            "assistants/import/", data={"name": name}, files={"file": ("tea.zip", zip_of(FILES))}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["assistant"]["id"])
