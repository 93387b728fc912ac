"""Backup and restore of all that an installation keeps."""
