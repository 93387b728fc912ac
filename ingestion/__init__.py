"""Events of running bots on their way into the database."""
