// openai-completion
