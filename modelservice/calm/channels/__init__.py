"""HTTP and Socket.IO surface of a running assistant."""
