"""The page Activity record: the audit record over REST."""
