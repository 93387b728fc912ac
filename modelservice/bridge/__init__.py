"""The chat bridge: a browser's WebSocket on one side, a bot's Socket.IO on the other."""
