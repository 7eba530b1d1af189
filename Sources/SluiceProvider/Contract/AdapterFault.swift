public import SluiceTypes

/// What an adapter can't do: one sentence, and the class it gives the attempt.
public struct AdapterFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The class of the failure.
    public var errorClass: ErrorClass
    /// One sentence without secrets or prompts.
    public var message: String
    /// The setting at fault, where it is one.
    public var setting: String?
    /// The member of the request at fault, where it is one.
    public var parameter: String?
    /// The provider's own code for such an error, where it has one.
    public var code: String?

    /// Creates a fault.
    public init(_ errorClass: ErrorClass, _ message: String, setting: String? = nil) {
        self.errorClass = errorClass
        self.message = message
        self.setting = setting
    }

    /// The sentence.
    public var description: String { message }
}
