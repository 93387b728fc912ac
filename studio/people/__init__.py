"""People and their roles as administrators keep them: here, or in Keycloak by its admin API."""
