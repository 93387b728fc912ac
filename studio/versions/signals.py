"""What others may want to know of versions, which know nothing of those others."""

from django.dispatch import Signal

# The id inside a version's model became known: `version`, stored.
model_known = Signal()
