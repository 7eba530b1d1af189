import SluiceJSON

/// Finds the sentence in which a provider says what went wrong, whatever the shape of its error.
///
/// Source: OpenAI's and Google's envelopes, FastAPI's list of faults, problem details (RFC 9457), and what gateways in front of
/// providers make of these.
enum ErrorSentence {
    /// Where a sentence stands, the most telling first.
    private static let names = [
        "message", "error", "detail", "errors", "msg", "error_description", "error_message", "errorMessage",
        "error_msg",
        "Message", "reason", "title",
    ]
    /// An object within an object within …: nobody nests a sentence deeper.
    private static let deepest = 4
    /// A router's sentence that only says that somebody behind it said something else.
    private static let relayed = "Provider returned error"

    /// The first sentence in `value`; nil for none.
    static func of(_ value: JSONValue, depth: Int = 0) -> String? {
        guard depth <= deepest else { return nil }
        switch value.kind {
        case .string: return depth == 0 ? nil : value.string.flatMap { isBlank($0) ? nil : $0 }
        case .array: return value.elements.first.flatMap { depth == 0 ? nil : of($0, depth: depth + 1) }
        case .object: return inObject(value, depth)
        case .number, .boolean, .null: return nil
        }
    }

    private static func inObject(_ object: JSONValue, _ depth: Int) -> String? {
        if let fault = fault(object) { return fault }
        for name in names {
            guard let value = object[key: name], let sentence = of(value, depth: depth + 1) else { continue }
            return sentence == relayed ? behind(object) ?? sentence : sentence
        }
        return nil
    }

    /// What OpenRouter hands on of the provider behind it.
    private static func behind(_ object: JSONValue) -> String? {
        guard let raw = object[key: "metadata"]?[key: "raw"]?.string, !isBlank(raw) else { return nil }
        let root = (try? Document(indexing: Array(raw.utf8)))?.root
        return root.flatMap { of($0) } ?? plain(Array(raw.utf8))
    }

    // MARK: FastAPI's faults

    /// Reads `{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}`.
    private static func fault(_ object: JSONValue) -> String? {
        guard let message = object[key: "msg"]?.string, !isBlank(message), let path = path(object) else { return nil }
        return "\(message) (\(path))"
    }

    /// The member of the body that is at fault, where a list of such faults names it.
    static func place(in root: JSONValue) -> String? {
        guard let first = root[key: "detail"]?.elements.first, let path = path(first) else { return nil }
        return path.hasPrefix("body.") ? String(path.dropFirst("body.".count)) : path
    }

    private static func path(_ fault: JSONValue) -> String? {
        let steps = (fault[key: "loc"]?.elements ?? []).compactMap { $0.string ?? $0.integer.map { String($0) } }
        return steps.isEmpty ? nil : steps.joined(separator: ".")
    }

    // MARK: Plain text

    /// A body that is a sentence; nil for a page, for JSON that was cut, and for what is no text.
    static func plain(_ body: [UInt8]) -> String? {
        guard let text = String(validating: body, as: UTF8.self),
            let first = text.first(where: { !$0.isWhitespace }), !"<{[".contains(first),
            text.unicodeScalars.allSatisfy({
                $0.properties.generalCategory != .control || "\t\r\n".unicodeScalars.contains($0)
            })
        else { return nil }
        return text.split { $0.isWhitespace }.joined(separator: " ")
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
}
