/// A row of the providers file, each with a provider of its own.
enum ChaosRow: String, Sendable, CaseIterable {
    case alpha
    case beta
    case gamma
    /// Its provider is always well: whatever goes wrong here is the doing of whoever asks, or of the gateway.
    case calm

    /// Its keys, in their order in the file.
    var keys: [String] {
        self == .alpha ? ["sk-loopback-alpha-one", "sk-loopback-alpha-two"] : ["sk-loopback-\(rawValue)"]
    }

    /// Its models, for one who serves it.
    var models: [ChaosModel] { ChaosModel.allCases.filter { $0.rows.contains(self) } }

    /// How long it may be silent before its first byte, in seconds.
    static let firstByte = 4

    /// Its entry in the providers file, for a provider at `port`; the second of two keys stands in `keyFile`.
    func json(port: Int, keyFile: String) -> String {
        let names = models.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        let first = #"{"env":"\#(variable)"}"#
        let credential = keys.count == 1 ? first : #"[\#(first),{"file":"\#(keyFile)"}]"#
        return #"{"name":"\#(rawValue)","adapter":"openai-chat","type":"chat","models":[\#(names)],"#
            + #""baseURL":"http://127.0.0.1:\#(port)/v1","firstByteSeconds":\#(ChaosRow.firstByte),"idleSeconds":3,"#
            + #""credential":\#(credential)}"#
    }

    /// The variable that holds its first key.
    var variable: String { "LOOPBACK_\(rawValue.uppercased())" }
}

/// What can be asked for.
enum ChaosModel: String, Sendable, CaseIterable {
    /// Served by three rows whose moods change, one of them with two keys.
    case pool = "gpt-pool"
    /// Served by one of these alone.
    case alone = "gpt-alone"
    /// Served by the row that is always well.
    case calm = "gpt-calm"

    var rows: [ChaosRow] {
        switch self {
        case .pool: [.alpha, .beta, .gamma]
        case .alone: [.beta]
        case .calm: [.calm]
        }
    }
}
