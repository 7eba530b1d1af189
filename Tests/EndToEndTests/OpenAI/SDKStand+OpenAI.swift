extension SDKStand.Row {
    /// Rows of OpenAI's chats, completions and embeddings.
    static let all =
        [
            Self(name: "chats", models: "gpt-*", more: #", "listed": ["gpt-hello", "gpt-echo"]"#),
            Self(name: "completions", adapter: "openai-completion", type: "completion", models: "text-hello"),
            Self(name: "embeddings", adapter: "openai-embedding", type: "embedding", models: "embed-small"),
            Self(name: "stalls", models: "gpt-stalls", more: #", "idleSeconds": 0.5"#),
        ] + ofTheirOwn

    /// What they answer closes a row or a credential for a while.
    private static let ofTheirOwn = [
        Self(name: "refused", models: "gpt-401", key: "REFUSED_KEY"),
        Self(name: "poor", models: "gpt-quota", key: "POOR_KEY"),
        Self(name: "limited", models: "gpt-429"), Self(name: "busy", models: "gpt-503"),
        Self(name: "once-busy", models: "gpt-once-busy"), Self(name: "failing", models: "gpt-500"),
    ]
}
