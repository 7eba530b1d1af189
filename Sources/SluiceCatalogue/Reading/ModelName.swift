/// What a model's name may be.
enum ModelName {
    /// Why `text` is none; nil where it is one.
    static func fault(of text: String) -> String? {
        guard !text.isEmpty, text.utf8.count <= 256 else { return "must be a model's name of 1 to 256 bytes" }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            return "must be a model's name without spaces and control characters"
        }
        return SecretShape.isKnownKey(text) ? "looks like a secret, not like a model's name; \(SecretShape.hint)" : nil
    }
}
