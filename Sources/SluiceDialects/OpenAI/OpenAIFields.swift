import SluiceProvider

/// The header fields that providers of OpenAI's dialects say something with to the caller: `openai-…`, but for what names the account,
/// their limits in `x-ratelimit-…`, and Codex's own on Responses.
///
/// `x-request-id` is not among them: by that name the caller knows the gateway's own.
///
/// Source: the API reference of OpenAI, "Debugging requests"; its guide "Rate limits", "Rate limits in headers".
enum OpenAIFields {
    static func events(in head: ResponseHead, ofResponses isResponses: Bool = false) -> [ReplyEvent] {
        let fields = ReturnedFields.of(head) { name in
            name.hasPrefix("x-ratelimit-") || name.hasPrefix("openai-") && !ForwardedFields.isOfAccount(name)
                || isResponses && name.hasPrefix("x-codex-") && !ForwardedFields.isOfAccount(name)
        }
        return fields.isEmpty ? [] : [.fields(fields)]
    }
}
