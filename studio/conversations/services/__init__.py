"""Writes of reviewers. Events are written by `studio.conversations.ingest` only."""
