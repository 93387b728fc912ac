"""The model service: trains assistants, runs them, and bridges chats to them."""
