import LoopbackProvider

extension SDKStand {
    /// A gateway whose rows speak OpenAI's Responses, and such a provider behind it.
    static func responses(
        arguments: [String] = [],
        _ script: @escaping LoopbackProvider.Script = ResponsesProvider.script()
    ) async throws -> SDKStand {
        try await SDKStand(Row.responses, arguments: arguments, script)
    }
}

extension SDKStand.Row {
    /// Rows of OpenAI's Responses: those of chats, one by one, and what the files of tests are for.
    static let responses =
        all.filter { $0.type == "chat" }.map { row in
            var row = row
            row.adapter = "openai-responses"
            return row
        } + [Self(name: "files", adapter: "openai-responses", models: "file-*")]
        // What they answer closes a row for a while.
        + ["cut", "reset", "unfinished", "mark-only", "error-event", "failed-event"].map {
            Self(name: $0, adapter: "openai-responses", models: "gpt-\($0)")
        }
}
