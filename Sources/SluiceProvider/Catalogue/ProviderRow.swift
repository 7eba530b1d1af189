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
    /// The models it serves.
    public var models: [ModelPattern]
    /// Names to show for its patterns.
    public var listed: [String]
    /// Where it is; nil for an adapter that makes no calls.
    public var endpoint: Endpoint?
    /// Its credentials, in order of preference; empty for a row that needs none.
    public var credentials: [Credential]
    /// The gateway's model names to the provider's.
    public var modelMap: [String: String]
    /// What is done to the request body.
    public var parameters: Parameters
    /// Rows that match equally serve in the order of this number, the lowest first.
    public var priority: Int
    /// The share of calls among rows of one priority; at least 1.
    public var weight: Int
    /// The calls that may run at once.
    public var concurrency: Int
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
        models: [ModelPattern],
        listed: [String] = [],
        endpoint: Endpoint? = nil,
        credentials: [Credential] = [],
        modelMap: [String: String] = [:],
        parameters: Parameters = Parameters(),
        priority: Int = 0,
        weight: Int = 1,
        concurrency: Int = 64,
        unavailable: String? = nil,
        configuration: [UInt8] = [],
        configurationHash: String = ""
    ) {
        self.name = name
        self.adapterID = adapterID
        self.adapter = adapter
        self.operations = operations
        self.models = models
        self.listed = listed
        self.endpoint = endpoint
        self.credentials = credentials
        self.modelMap = modelMap
        self.parameters = parameters
        self.priority = priority
        self.weight = weight
        self.concurrency = concurrency
        self.unavailable = unavailable
        self.configuration = configuration
        self.configurationHash = configurationHash
    }

    /// The name by which the provider knows `model`.
    public func upstreamName(of model: String) -> String { modelMap[model] ?? model }

    /// How closely the row's names fit `model`; nil when none does.
    ///
    /// Greater is closer.
    public func closeness(to model: String) -> ModelFit? {
        models.lazy.filter { $0.matches(model) }.map { $0.isExact ? .exact : .pattern($0.literalLength) }.max()
    }
}

/// How closely a row fits a model: an exact name beats a pattern, a longer pattern a shorter one.
public enum ModelFit: Comparable, Sendable {
    /// A pattern with that many literal bytes.
    case pattern(Int)
    /// The name itself.
    case exact
}

/// Where a provider is, and what is added to each call.
public struct Endpoint: Sendable, Hashable {
    /// An absolute URL without a trailing `/`.
    public var baseURL: String
    /// Fields added to each call.
    public var headers: [HeaderField]
    /// Names and values added to each URL, not yet percent-encoded.
    public var query: [HeaderField]
    /// Who may be called and how.
    public var policy: EndpointPolicy
    /// How long each part may take.
    public var timeouts: CallTimeouts
    /// The largest answer in bytes.
    public var answerLimit: Int

    /// Creates an endpoint.
    public init(
        baseURL: String,
        headers: [HeaderField] = [],
        query: [HeaderField] = [],
        policy: EndpointPolicy = EndpointPolicy(),
        timeouts: CallTimeouts = CallTimeouts(),
        answerLimit: Int = 8 << 20
    ) {
        self.baseURL = baseURL
        self.headers = headers
        self.query = query
        self.policy = policy
        self.timeouts = timeouts
        self.answerLimit = answerLimit
    }
}

/// One credential of a row: where it comes from, and its value where it was found.
public struct Credential: Sendable, Hashable {
    /// The slot's name, as in `env:OPENAI_API_KEY` or `file:/etc/sluice/key`.
    ///
    /// It may be shown.
    public var slot: String
    /// The value; nil when the variable is not set or the file can't be read.
    public var secret: Secret?
    /// Why there is no value, with what to do.
    public var problem: String?

    /// Creates a credential.
    public init(slot: String, secret: Secret?, problem: String? = nil) {
        self.slot = slot
        self.secret = secret
        self.problem = problem
    }
}

/// The rows of one `providers.json`, in the file's order.
public struct Catalogue: Sendable {
    /// The rows.
    public var rows: [ProviderRow]

    /// Creates a catalogue.
    public init(rows: [ProviderRow]) {
        self.rows = rows
    }
}
