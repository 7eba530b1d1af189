import ArgumentParser

/// Which jobs are meant, by what their callers have said of them.
struct MetadataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only what its caller has marked so, as in batch=b1; several times for several marks.",
            valueName: "name=value"
        )
    )
    var metadata: [KeyAndValue] = []

    /// As the APIs are asked for it.
    var query: [(name: String, value: String?)] { metadata.map { ("metadata.\($0.key)", $0.value) } }
}
