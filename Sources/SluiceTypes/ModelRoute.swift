/// What may answer a request: the model as it was asked for, then the models that may in its place.
///
/// It is kept as one text, by which queued jobs are grouped and found. A route may be *bound*: its request names what a provider
/// holds for its account, so that one account alone may answer it, and no other model in its place.
public struct ModelRoute: Hashable, Sendable {
    /// How many models may stand behind the first.
    public static let mostFallbacks = 5
    /// The longest text, in bytes.
    public static let mostBytes = 1024

    private static let separator: Character = "\u{1F}"
    private static let mark: Character = "\u{1E}"

    /// The models' names, joined by U+001F, which no name holds; behind the one of a bound route stands U+001E.
    public let text: String

    /// Whether a route can hold `name`: one with a control character could be read as two.
    public static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// A route as it was kept.
    public init(text: String) {
        self.text = text
    }

    /// A model, and those that may answer in its place.
    public init(_ model: String, fallbacks: [String] = []) {
        text = fallbacks.isEmpty ? model : ([model] + fallbacks).joined(separator: String(ModelRoute.separator))
    }

    /// A model that may answer with the account that holds what is named, and with no other.
    public init(boundTo model: String) {
        text = model + String(ModelRoute.mark)
    }

    /// Whether one account alone may answer.
    public var isBound: Bool { text.utf8.last == ModelRoute.mark.asciiValue }

    /// The same request's route to another model, without fallbacks.
    public func asking(_ model: String) -> ModelRoute {
        isBound ? ModelRoute(boundTo: model) : ModelRoute(model)
    }

    /// The same route to whoever serves its models.
    public var unbound: ModelRoute { isBound ? ModelRoute(text: String(text.dropLast())) : self }

    /// All names, the first first.
    public var models: [String] {
        unbound.text.split(separator: ModelRoute.separator, omittingEmptySubsequences: false).map(String.init)
    }

    private var hasFallbacks: Bool {
        let separator = ModelRoute.separator.asciiValue
        return text.utf8.contains { $0 == separator }
    }

    /// The model that was asked for.
    public var model: String {
        hasFallbacks ? models[0] : unbound.text
    }

    /// The models that may answer in its place.
    public var fallbacks: [String] {
        hasFallbacks ? Array(models.dropFirst()) : []
    }
}
