import SluiceJSON
import SluiceProvider
import SluiceTypes

/// What the stub reads in a request.
enum StubPrompt {
    /// The last user message of a chat, the prompt of a completion; empty where there is none.
    static func text(of ask: Ask) -> String {
        let root = ask.body.root
        guard ask.operation == .chat else { return content(root[key: "prompt"]) }
        let messages = root[key: "messages"]?.elements ?? []
        return content(messages.last { $0[key: "role"]?.string == "user" }?[key: "content"])
    }

    /// The words of all that was sent.
    static func words(of ask: Ask) -> Int {
        let root = ask.body.root
        guard ask.operation == .chat else { return words(content(root[key: "prompt"])) }
        return root[key: "messages"]?.elements.reduce(0) { $0 + words(content($1[key: "content"])) } ?? 0
    }

    static func words(_ text: String) -> Int {
        text.unicodeScalars.split(whereSeparator: isSpace).count
    }

    /// Unicode's tables are asked about what is not ASCII alone: a benchmark of the stub should not measure them.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar == " " || (9...13).contains(scalar.value) : scalar.properties.isWhitespace
    }

    /// A text, or the texts of a list, whose elements are texts or parts of a message.
    private static func content(_ value: JSONValue?) -> String {
        if let text = value?.string { return text }
        return value?.elements.compactMap { $0.string ?? $0[key: "text"]?.string }.joined(separator: "\n") ?? ""
    }
}

/// Text that says nothing.
enum StubLorem {
    private static let words = [
        "lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit", "sed", "do", "eiusmod", "tempor",
        "incididunt", "ut", "labore", "et", "dolore", "magna", "aliqua",
    ]

    static func text(words count: Int) -> String {
        (0..<count).map { words[$0 % words.count] }.joined(separator: " ")
    }
}
