import SluiceTypes

/// Anthropic's Messages as a rendering of the hub.
///
/// Source: Anthropic's API reference, "Create a Message", with its guides "Streaming Messages", "Extended thinking",
/// "Tool use" and "Citations".
enum MessagesRendering {
    static let dialect = RequestFormat.anthropicMessages
}
