import SluiceTypes

/// OpenAI's Chat Completions as a rendering of the hub.
///
/// It has no order between reasoning, text and calls of a turn: it has members for each. What other providers say in it is
/// understood as well: `reasoning_content` for reasoning that nothing vouches for, `thinking_blocks` for what is signed or
/// redacted, in Anthropic's two shapes, and `extra_content.google.thought_signature` on calls.
///
/// Source: the API reference of OpenAI, "Create chat completion"; DeepSeek's documentation, "Thinking Mode"; LiteLLM's
/// documentation, "'Thinking' / 'Reasoning Content'"; Google's documentation, "OpenAI compatibility" and "Thought signatures".
enum ChatRendering {
    static let dialect = RequestFormat.openAIChat
}
