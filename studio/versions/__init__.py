"""Versions: what was trained, with which outcome, and the bots that run it."""
