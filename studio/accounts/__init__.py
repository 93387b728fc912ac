"""Who may do what: people, roles, permissions, and the check of access tokens."""
