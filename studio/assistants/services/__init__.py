"""Writes. Each is one transaction with its revision check, change record and live message."""
