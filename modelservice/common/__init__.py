"""What the backend and the model service both need. It imports neither of them, and no Django."""
