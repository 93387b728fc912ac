"""Conditions of flows, guards, rejections and responses: grammar, meaning, regular expressions."""
