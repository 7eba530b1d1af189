import LoopbackProvider

extension SDKStand {
    /// A gateway whose rows speak Anthropic's Messages, and such a provider behind it.
    static func messages(
        arguments: [String] = [],
        _ script: @escaping LoopbackProvider.Script = MessagesProvider.script()
    ) async throws -> SDKStand {
        try await SDKStand(Row.messages, arguments: arguments, script)
    }
}

extension SDKStand.Row {
    /// Rows of Anthropic's Messages.
    static let messages =
        [
            message("messages", "claude-*", more: #", "listed": ["claude-hello", "claude-echo", "claude-tools"]"#),
            message("files", "file-*"), message("stalls", "claude-stalls", more: #", "idleSeconds": 0.5"#),
            message("refused", "claude-401", key: "REFUSED_KEY"), message("poor", "claude-402", key: "POOR_KEY"),
        ]
        // What they answer closes a row for a while.
        + ["403", "429", "500", "529", "once-busy", "cut", "reset", "unfinished", "error-event"].map {
            message($0, "claude-\($0)")
        }

    private static func message(
        _ name: String,
        _ models: String,
        key: String = "LOOPBACK_KEY",
        more: String = ""
    ) -> Self {
        Self(name: name, adapter: "anthropic-messages", models: models, key: key, more: #", "betas": "pass""# + more)
    }
}
