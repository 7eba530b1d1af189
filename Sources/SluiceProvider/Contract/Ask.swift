public import SluiceJSON
public import SluiceTypes

/// One request, in the format of the adapter that is asked.
public struct Ask: Sendable {
    /// What is asked for.
    public var operation: Operation
    /// The format in which the caller asked.
    public var format: RequestFormat
    /// True when the answer shall come as a stream.
    public var stream: Bool
    /// Which try of the job this is, from 1.
    public var attempt: Int
    /// The model's name as the provider knows it.
    public var model: String
    /// The body that ``Adapter/translate(_:)`` gave, changed as the row says, its `model` member set to ``model`` already.
    public var body: Document
    /// The header fields of the caller that the adapter's format knows, and that go on to the provider.
    public var headers: [HeaderField]
    /// Whether the mark at a stream's end stands for a reason, of a provider that never gives one.
    public var finishesAtMark: Bool
    /// Which of the betas in ``headers`` go on, where the adapter speaks Anthropic's Messages.
    public var betas: BetaPolicy
    /// The row's own version of Anthropic's API, for requests that came in another format; nil where it names none.
    public var version: String?
    /// See ``TranslatedRequest/dropped``.
    public var dropped: [String] = []
    /// See ``TranslatedRequest/turns``.
    public var turns: Int?
    /// See ``TranslatedRequest/needsThread``.
    public var needsThread = false
    /// See ``TranslatedRequest/entries``.
    public var entries: Int?

    /// Creates a request; the format is OpenAI's for the operation where none is given.
    public init(
        operation: Operation,
        format: RequestFormat? = nil,
        stream: Bool,
        attempt: Int,
        model: String,
        body: Document,
        headers: [HeaderField] = [],
        finishesAtMark: Bool = false,
        betas: BetaPolicy = .drop,
        version: String? = nil
    ) {
        self.operation = operation
        self.format = format ?? RequestFormat(openAI: operation)
        self.stream = stream
        self.attempt = attempt
        self.model = model
        self.body = body
        self.headers = headers
        self.finishesAtMark = finishesAtMark
        self.betas = betas
        self.version = version
    }
}
