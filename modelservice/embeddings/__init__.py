"""Sentence embeddings for all assistants of a model service, made by one process.

`python -m modelservice.embeddings SOCKET` listens on a Unix socket and answers as OpenAI's
embeddings endpoint does: `POST /v1/embeddings`.
"""
