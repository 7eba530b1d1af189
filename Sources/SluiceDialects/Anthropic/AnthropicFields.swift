import SluiceProvider

/// The header fields that providers of Messages say something with to the caller: `request-id`, and `anthropic-…` but for what names
/// the account; their limits among them.
///
/// Source: Anthropic's API reference, "Overview", "Response headers", and "Rate limits", "Response headers".
enum AnthropicFields {
    static func events(in head: ResponseHead) -> [ReplyEvent] {
        let fields = ReturnedFields.of(head) { name in
            name == "request-id" || name.hasPrefix("anthropic-") && !ForwardedFields.isOfAccount(name)
        }
        return fields.isEmpty ? [] : [.fields(fields)]
    }
}
