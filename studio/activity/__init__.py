"""The page Activity record: the audit record over REST, and by command."""
