"""Reads, checks and packages a CALM project."""
