"""Conversations that bots held, as ingestion wrote them, and their review."""
