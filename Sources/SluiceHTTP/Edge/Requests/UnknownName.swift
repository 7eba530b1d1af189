import SluiceTypes

/// The sentence about a name that is none of those that are known.
enum UnknownName {
    /// How many of the known names a sentence holds; all of them stand in the fault's list.
    private static let most = 12

    /// The sentence, as in "`chatt` is no type here; `chat`, `completion` are: did you mean `chat`?".
    ///
    /// A key that was given by mistake is not shown. `kind` is what the name is none of, `allowed` those that are known, `nearest` what
    /// was meant, perhaps.
    static func sentence(_ given: String, _ kind: String, _ allowed: [String], nearest: String?) -> String {
        let names = allowed.prefix(most).map { "`\($0)`" }.joined(separator: ", ")
        let known =
            allowed.isEmpty ? "" : "; \(names)\(allowed.count > most ? ", …" : "") \(allowed.count == 1 ? "is" : "are")"
        let hint = nearest.map { "\(allowed.isEmpty ? ";" : ":") did you mean `\($0)`?" } ?? ""
        return "\(Redaction.quoted(given)) is no \(kind)\(known)\(hint)"
    }

    /// The same, with the nearest of those that are known.
    static func sentence(_ given: String, _ kind: String, _ allowed: [String]) -> String {
        sentence(given, kind, allowed, nearest: Suggestion.nearest(to: given, among: allowed))
    }

    /// Of a model whose rows can't be asked in the format of the request, but in those of `served`.
    static func sentence(model: String, takes served: [RequestFormat]) -> String {
        // Who compacts a conversation has one.
        let served = served.count > 1 ? served.filter { $0 != .openAICompaction } : served
        let formats = served.map { format in
            format.rawValue + (format.path.map { " (POST \($0))" } ?? "")
        }
        return "\(Redaction.quoted(model)) is served here in the format \(formats.joined(separator: " or ")) alone"
    }

    /// Of a model that no row serves.
    static func sentence(
        model: String,
        for operation: Operation?,
        _ allowed: [String],
        nearest: String?
    ) -> String {
        let kind = "model that any provider here serves" + (operation.map { " for \($0.rawValue)" } ?? "")
        return sentence(model, kind, allowed, nearest: nearest)
    }
}
