// openai-chat
