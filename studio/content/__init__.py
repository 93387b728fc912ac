"""The content of assistants: items, commits, branches, and what is derived."""
