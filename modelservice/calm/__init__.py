"""Open CALM runtime: trains a CALM project and holds the conversations with it."""

__version__ = "0.1.0"
