"""Intents: a linear classifier over words and letters, trained on a project's NLU examples."""
