"""The model service, as the backend calls it."""
