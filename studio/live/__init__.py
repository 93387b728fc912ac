"""Live updates to browsers over one WebSocket."""
