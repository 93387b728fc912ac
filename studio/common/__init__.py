"""What every app of the backend may use; imports no app."""
