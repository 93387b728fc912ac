"""Names of models: time and two words, which people can say and remember."""

import secrets
from datetime import datetime

_ADJECTIVES = (
    "amber", "brisk", "calm", "civil", "clear", "cool", "crisp", "dry", "early", "even",
    "fair", "fine", "firm", "fresh", "glad", "grand", "green", "keen", "kind", "light",
    "lucid", "mild", "neat", "noble", "plain", "proud", "quick", "quiet", "ripe", "round",
    "sharp", "silver", "smooth", "snug", "solid", "spare", "stout", "sunny", "tidy", "vivid",
)  # fmt: skip
_NOUNS = (
    "anchor", "arch", "basin", "beacon", "birch", "bridge", "brook", "canyon", "cedar", "cliff",
    "cove", "dune", "fern", "field", "fjord", "gable", "garden", "glacier", "harbour", "heath",
    "hill", "island", "lagoon", "lantern", "maple", "meadow", "orchard", "pebble", "pier", "pine",
    "quarry", "reef", "ridge", "river", "slate", "spring", "terrace", "thicket", "valley", "willow",
)  # fmt: skip


def model_name(now: datetime) -> str:
    """`YYYYmmdd-HHMMSS-adjective-noun`, the form of Rasa's own names."""
    return f"{now:%Y%m%d-%H%M%S}-{secrets.choice(_ADJECTIVES)}-{secrets.choice(_NOUNS)}"
