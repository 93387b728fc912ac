"""Turn engine: tracker, dialogue stack, commands, flow execution."""
