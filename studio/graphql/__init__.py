"""GraphQL at `/api/graphql/`: what the Rasa CLI and programs of Rasa Studio's users send."""
