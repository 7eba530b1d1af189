public import SluiceTypes

/// One row of `providers.json`, read and checked: a way to have some models answer.
public struct ProviderRow: Sendable {
    /// The row's name, unique in its file.
    public var name: String
    /// The id of the adapter that speaks for it.
    public var adapterID: String
    /// The adapter, opened with the row's settings.
    public var adapter: any Adapter
    /// What it may be asked for.
    public var operations: Set<Operation>
    /// The formats in which it takes a request as it is.
    public var formats: Set<RequestFormat>
    /// The models it serves.
    public var models: [ModelPattern]
    /// Names to show for its patterns.
    public var listed: [String]
    /// Where it is; nil for an adapter that makes no calls.
    public var endpoint: Endpoint?
    /// Its credentials, in order of preference; empty for a row that needs none.
    public var credentials: [Credential]
    /// The gateway's model names to the provider's: whole names, or patterns with one `*` on each side, which stands for the same.
    public var modelMap: [String: String]
    /// What is done to the request body.
    public var parameters: Parameters
    /// Rows that match equally serve in the order of this number, the lowest first.
    public var priority: Int
    /// The share of calls among rows of one priority; at least 1.
    public var weight: Int
    /// The calls that may run at once; nil where the file sets no limit.
    public var concurrency: Int?
    /// Whether calls of one session go to the same member of its pool, where their provider's cache knows them.
    public var keepsSessions: Bool
    /// Whether the mark at a stream's end stands for a reason, of a provider that never gives one.
    public var finishesAtMark: Bool
    /// Which of the betas that a caller of Anthropic's Messages names are sent on.
    public var betas: BetaPolicy
    /// The version of Anthropic's API for requests that came in another format; nil where the file names none.
    public var version: String?
    /// Whether its provider is told where in a trace a call stands.
    public var sendsTrace: Bool
    /// What it says of what its provider holds for its account.
    public var statePolicy: StatePolicy
    /// By which prices its calls cost.
    public var pricing: RowPricing
    /// Why the row can't be used now, with what to do; nil when it can.
    public var unavailable: String?
    /// The row as it stands in the file.
    ///
    /// It holds no secret.
    public var configuration: [UInt8]
    /// SHA-256 of ``configuration``, 64 hex digits.
    public var configurationHash: String

    /// Creates a row.
    public init(
        name: String,
        adapterID: String,
        adapter: any Adapter,
        operations: Set<Operation>,
        formats: Set<RequestFormat> = Set(RequestFormat.allCases),
        models: [ModelPattern],
        listed: [String] = [],
        endpoint: Endpoint? = nil,
        credentials: [Credential] = [],
        modelMap: [String: String] = [:],
        parameters: Parameters = Parameters(),
        priority: Int = 0,
        weight: Int = 1,
        concurrency: Int? = nil,
        keepsSessions: Bool = true,
        finishesAtMark: Bool = false,
        betas: BetaPolicy = .drop,
        version: String? = nil,
        sendsTrace: Bool = false,
        statePolicy: StatePolicy = StatePolicy(),
        pricing: RowPricing = RowPricing(),
        unavailable: String? = nil,
        configuration: [UInt8] = [],
        configurationHash: String = ""
    ) {
        self.name = name
        self.adapterID = adapterID
        self.adapter = adapter
        self.operations = operations
        self.formats = formats
        self.models = models
        self.listed = listed
        self.endpoint = endpoint
        self.credentials = credentials
        self.modelMap = modelMap
        self.parameters = parameters
        self.priority = priority
        self.weight = weight
        self.concurrency = concurrency
        self.keepsSessions = keepsSessions
        self.finishesAtMark = finishesAtMark
        self.betas = betas
        self.version = version
        self.sendsTrace = sendsTrace
        self.statePolicy = statePolicy
        self.pricing = pricing
        self.unavailable = unavailable
        self.configuration = configuration
        self.configurationHash = configurationHash
    }

    /// Whether the row itself names a model, by the provider's name for it.
    public func names(_ model: String) -> Bool {
        models.contains { $0.isExact && upstreamName(of: $0.text) == model } || modelMap.values.contains(model)
    }

    /// The name by which the provider knows `model`: that of its whole name, else what the closest pattern makes of it.
    public func upstreamName(of model: String) -> String {
        if modelMap.isEmpty { return model }
        if let name = modelMap[model] { return name }
        let fits = modelMap.compactMap { pattern, name in
            ProviderRow.part(of: model, behind: pattern).map { (length: pattern.utf8.count, name: name, part: $0) }
        }
        guard let closest = fits.max(by: { $0.length < $1.length }) else { return model }
        let name = closest.name.replacing("*", with: closest.part)
        return name.isEmpty ? model : name
    }

    /// What the one `*` of a pattern stands for in a name; nil where it does not fit, or has none.
    private static func part(of model: String, behind pattern: String) -> Substring? {
        guard let star = pattern.firstIndex(of: "*") else { return nil }
        let (before, after) = (pattern[..<star], pattern[pattern.index(after: star)...])
        guard model.utf8.count >= before.utf8.count + after.utf8.count, model.hasPrefix(before), model.hasSuffix(after)
        else { return nil }
        return model.dropFirst(before.count).dropLast(after.count)
    }

    /// The formats in which it can be asked, as they are or translated.
    public var askedIn: Set<RequestFormat> { formats.union(adapter.translates) }

    /// Whether it can be asked for `operation` in `format`.
    public func takes(_ operation: Operation, in format: RequestFormat) -> Bool {
        operations.contains(operation) && (formats.contains(format) || adapter.translates.contains(format))
    }

    /// How closely the row's names fit `model`; nil when none does.
    ///
    /// Greater is closer.
    public func closeness(to model: String) -> ModelFit? {
        models.lazy.filter { $0.matches(model) }.map { $0.isExact ? .exact : .pattern($0.literalLength) }.max()
    }

    /// All secrets of the row: each of its credentials, those of its header fields, and its proxy's.
    public var secrets: [Secret] {
        credentials.compactMap(\.secret) + (endpoint?.secretHeaders.map(\.secret) ?? [])
            + (endpoint?.proxy?.secrets ?? [])
    }
}
