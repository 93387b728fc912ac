"""Trainings and bots: what runs, what should run, and the processes behind it."""
