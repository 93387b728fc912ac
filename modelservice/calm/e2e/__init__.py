"""Runs end-to-end test files against a model."""
