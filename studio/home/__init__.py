"""Home, and the lives of assistants: what composes content, versions and conversations."""
