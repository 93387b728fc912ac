"""Trained models: their archive, and what an assistant of one understands and answers with."""
