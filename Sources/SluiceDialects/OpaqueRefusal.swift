public import SluiceProvider

/// Whether a provider refused a request for reasoning in it that it can't verify: then it may take the request without.
///
/// What a caller wrote may stand in such a sentence too, so that nothing else may follow of it than one more try.
///
/// Source: OpenAI's code `invalid_encrypted_content`; the sentences of OpenAI, Anthropic and xAI, as those who met them tell them.
public enum OpaqueRefusal {
    /// Whether `error` says so.
    public static func isSaid(by error: ProviderError) -> Bool {
        guard [nil, 400, 404, 422].contains(error.status) else { return false }
        if error.code?.lowercased() == "invalid_encrypted_content" { return true }
        let text = error.message.lowercased().replacing("`", with: "")
        return sentences.contains { sentence in sentence.allSatisfy { text.contains($0) } }
    }

    /// Each a list of what has to stand in one sentence.
    private static let sentences = [
        ["encrypted content", "could not be verified"],
        ["could not decrypt", "encrypted_content"],
        ["could not decode the compaction blob"],
        ["item with id 'rs_", "not found"],
        ["invalid signature in thinking"],
        ["thinking.signature"],
        ["invalid data in redacted_thinking"],
        ["thinking", "blocks in the latest assistant message cannot be modified"],
    ]
}
