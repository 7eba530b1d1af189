public import SluiceTypes

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
    /// What is likely to be wrong with the value though it can be used; it shows nothing of it.
    public var warning: String?

    /// Creates a credential.
    public init(slot: String, secret: Secret?, problem: String? = nil, warning: String? = nil) {
        self.slot = slot
        self.secret = secret
        self.problem = problem
        self.warning = warning
    }
}
