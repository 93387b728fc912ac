"""Command generators: from a user's text to commands."""
