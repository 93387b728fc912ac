"""Who did what, when and from where: one table that only grows."""
