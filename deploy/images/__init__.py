"""Images of each role; `python -m deploy.images` builds them."""
