"""Enterprise search without a service: passages of the project's documents, by full-text rank."""
