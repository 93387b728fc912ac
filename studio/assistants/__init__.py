"""Assistants and their content: the store, its history, import and export."""
