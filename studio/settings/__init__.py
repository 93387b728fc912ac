"""Settings of the backend. `base` reads the environment; `test` is what the test suite changes."""
