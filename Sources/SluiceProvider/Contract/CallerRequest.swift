public import SluiceJSON
public import SluiceTypes

/// What a caller asked for, as it came: in the format of its surface.
public struct CallerRequest: Sendable {
    /// What is asked for.
    public var operation: Operation
    /// How ``document`` is read.
    public var format: RequestFormat
    /// True when the answer shall come as a stream.
    public var stream: Bool
    /// The model's name as the caller knows it.
    public var model: String
    /// The received body.
    public var document: Document
    /// Those header fields of the caller that go up to the provider.
    public var headers: [HeaderField]
    /// What it takes up by naming it.
    public var before = ThreadBefore.none
    /// The reasoning in it that another account has issued; nil where nobody remembers its conversation.
    public var foreign: ForeignReasoning?

    /// Creates a request.
    public init(
        operation: Operation,
        format: RequestFormat,
        stream: Bool,
        model: String,
        document: Document,
        headers: [HeaderField] = []
    ) {
        self.operation = operation
        self.format = format
        self.stream = stream
        self.model = model
        self.document = document
        self.headers = headers
    }
}
