"""What a Rasa project means: reading and writing zips and YAML. Pure functions, for the backend
and the runtime alike."""
