"""What an assistant is made of: flows and domain, in the form that the engine reads."""
