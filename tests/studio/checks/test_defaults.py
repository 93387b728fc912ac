"""The backend may not import the runtime: what both must know by name is held together here."""

from modelservice.project.checks import defaults
from modelservice.service.defaults import defaults as runtime_defaults


def test_validation_knows_every_response_and_slot_that_the_runtime_brings() -> None:
    brought = runtime_defaults()
    # No name that the checks accept is missing when it is to be said.
    assert set(brought["responses"]) == defaults.RESPONSES
    assert set(brought["slots"]) <= defaults.SLOTS
    assert set(brought["flows"]) == defaults.PATTERNS
