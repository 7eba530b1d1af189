public import SluiceProvider
public import SluiceTypes

/// The header fields of a caller that go up to the provider, by the format of its request: of Anthropic's Messages the version, the betas
/// and whatever else begins with `anthropic-`, of OpenAI's Responses Codex's own, of all others none.
///
/// They are a part of what was asked, and kept with it, so that a job of the queue sends them as a call does.
public struct ForwardedFields: Sendable, Hashable {
    /// Why a field can't go up.
    public struct Fault: Error, Sendable, Hashable {
        /// The field's name.
        public var name: String
        /// A clause about it.
        public var what: String
    }

    /// The most bytes that they may have, names and values together.
    public static let most = 16 << 10

    /// The fields, their names in small letters, several of one name in their order.
    public let fields: [HeaderField]

    /// Takes those of `head` that go up with a request in `format`.
    ///
    /// - Throws: ``Fault`` for values that are no field's (RFC 9110, 5.5), and where there are more than ``most`` bytes.
    public init(
        of head: some Sequence<(name: String, value: String)>,
        in format: RequestFormat
    ) throws(Fault) {
        var fields: [HeaderField] = []
        var bytes = 0
        // Each request is asked about: where nothing goes up its fields are not looked at.
        guard let beginning = ForwardedFields.beginning(in: format) else {
            self.fields = fields
            return
        }
        for (name, value) in head {
            let name = name.lowercased()
            guard ForwardedFields.goesUp(name, beginning) else { continue }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw Fault(name: name, what: "holds a control character")
            }
            bytes += name.utf8.count + value.utf8.count
            guard bytes <= ForwardedFields.most else {
                throw Fault(name: name, what: "and the fields before it have more than \(ForwardedFields.most) bytes")
            }
            fields.append(HeaderField(name, value))
        }
        self.fields = fields
    }

    /// The fields as they are kept with a job; nil for none.
    public var json: [UInt8]? { fields.isEmpty ? nil : fields.json }

    /// The fields that change what is asked, so that two requests with one body and others of them are two: each as its name, a line end,
    /// its value.
    public var meant: [String] {
        fields.filter { ForwardedFields.changing.contains($0.name) }.map { "\($0.name)\n\($0.value)" }
    }

    private static let changing: Set<String> = ["anthropic-version", "anthropic-beta"]

    /// Whether a field goes up with a request in `format`.
    static func goesUp(_ name: String, in format: RequestFormat) -> Bool {
        beginning(in: format).map { goesUp(name.lowercased(), $0) } ?? false
    }

    /// Whether a field, its name in small letters, goes up where those do that begin with `beginning`.
    private static func goesUp(_ name: String, _ beginning: String) -> Bool {
        name.hasPrefix(beginning) && name != browserAccess && !(isOfAccount(name) && Promise.payerOfRow.holds)
    }

    /// With what the names begin that go up; nil where none does.
    private static func beginning(in format: RequestFormat) -> String? {
        switch format {
        case .anthropicMessages: "anthropic-"
        case .openAIResponses, .openAICompaction: "x-codex-"
        case .prompt, .openAIChat, .openAICompletion, .openAIEmbedding: nil
        }
    }

    /// Asks for what browsers need of the server that they speak to, which is the gateway.
    private static let browserAccess = "anthropic-dangerous-direct-browser-access"

    /// Whether a field names an account or a part of it: who pays is the row's to say, and nobody else's to know.
    static func isOfAccount(_ name: String) -> Bool {
        name.split(separator: "-").contains { accountWords.contains($0) }
    }

    private static let accountWords: Set<Substring> = [
        "account", "billing", "organization", "profile", "project", "workspace",
    ]
}
