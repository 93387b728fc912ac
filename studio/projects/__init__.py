"""Rasa projects as people have them: reading and writing zips and YAML. Pure functions."""
