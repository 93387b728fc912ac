"""What several tests of the runtime need: trained samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelservice.calm.command_line import main

SAMPLES = Path(__file__).parents[2] / "studio" / "samples"


def train_sample(name: str, folder: Path) -> Path:
    """Train a sample with the command that users have; returns the model's folder."""
    sample = SAMPLES / name
    code = main(
        [
            "train",
            "--data",
            str(sample / "data"),
            "--domain",
            str(sample / "domain"),
            "--config",
            str(sample / "config.yml"),
            "--endpoints",
            str(sample / "endpoints.yml"),
            "--fixed-model-name",
            f"{name}.tar.gz",
            "--out",
            str(folder),
        ]
    )
    assert code == 0
    return folder


@pytest.fixture(scope="session")
def bank_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_sample("bank", tmp_path_factory.mktemp("bank"))


@pytest.fixture(scope="session")
def telecom_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_sample("telecom", tmp_path_factory.mktemp("telecom"))
