public import SluiceTypes

/// A member of a request, turn, part or tool for which the hub has no word.
///
/// Who translates finds it by its name, and leaves it out or refuses it; its own dialect gets it back where it stood.
public struct HubMember: Hashable, Sendable {
    /// Whose it is.
    public var dialect: RequestFormat
    /// The object in which it stood, where the hub takes that object apart, such as `reasoning`; nil for a direct member.
    public var parent: String?
    /// Its name.
    public var name: String
    /// Its value.
    public var value: SpelledJSON

    /// Creates a member.
    public init(_ dialect: RequestFormat, parent: String? = nil, _ name: String, _ value: SpelledJSON) {
        self.dialect = dialect
        self.parent = parent
        self.name = name
        self.value = value
    }

    /// The name with that of its object, as in `reasoning.summary`.
    public var path: String { parent.map { "\($0).\(name)" } ?? name }
}
