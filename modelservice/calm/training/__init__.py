"""Training: from the files of a project to a model."""
