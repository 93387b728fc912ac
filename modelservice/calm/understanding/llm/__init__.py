"""Understanding by a language model that speaks OpenAI's chat-completions API."""
