"""Turns of a conversation: what is read, done and recorded for each message."""
