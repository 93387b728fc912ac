"""What runs in a child process before its runtime does. Imports nothing of the service."""
