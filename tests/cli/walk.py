"""The sequence of commands that people run, at a running Studio."""

import copy

import pytest

from tests.cli.client import CliClient, LocalProject, Refused


def walk(cli: CliClient, name: str, project: LocalProject) -> None:
    """upload, download, push, pull, push of one file, upload anew in its place."""
    assert cli.is_signed_in()
    local = copy.deepcopy(project)
    cli.upload(name, local)
    fetched = cli.export(name)
    assert (fetched.flows, fetched.domain, fetched.nlu) == (local.flows, local.domain, local.nlu)

    flow = next(iter(local.flows.values()))
    flow["description"] += ", quickly"
    cli.push(name, local)
    cli.push(name, local)
    pulled = cli.export(name)
    pulled.prompts, local.prompts = {}, {}
    assert pulled == local, "a pull after a push changes nothing"

    other = copy.deepcopy(local)
    other.flows.clear()
    other.config = f"{local.config}# a line of ours\n"
    cli.push(name, other, only="config")
    assert cli.export(name).flows == local.flows
    assert cli.export(name).config == other.config

    if cli.version == "3.11":
        return
    assistant_id = cli.id_of(name)
    assert assistant_id is not None
    cli.delete(assistant_id)
    assert cli.id_of(name) is None
    with pytest.raises(Refused, match=f"There is no assistant “{name}”"):
        cli.export(name)
    cli.upload(name, local)
    assert cli.export(name).flows == local.flows
