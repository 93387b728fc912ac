"""The backend: REST, identity, live updates and the web client's files, one Django project."""
