"""What slots there are, and ways to fill them."""

from typing import Any

CATEGORICAL = ("categorical", "strict_categorical")
SLOT_TYPES = ("text", "bool", "float", *CATEGORICAL, "list", "any")
# Made from the languages of config.yml.
LANGUAGE_SLOT = "language"
# Rasa writes into these, whatever a domain says of them.
RESERVED_SLOTS = frozenset(
    {
        *("requested_slot", "flow_hashes", "session_started_metadata"),
        *("mocked_datetime", "return_value"),
    }
)
# Kind of mapping to the key that it cannot do without.
MAPPING_NEEDS: dict[str, str | None] = {
    "from_llm": None,
    "controlled": None,
    "custom": None,
    "from_text": None,
    "from_entity": "entity",
    "from_intent": "value",
    "from_trigger_intent": "value",
}


def number_of(value: Any) -> float | None:
    """The value as a number; None for everything else, also for true and false."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number else None
