"""Keycloak's admin API: the realm as code, and the people in it. Tokens are `studio.accounts`'."""
