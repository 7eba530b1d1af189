/// What may answer a request: the model as it was asked for, then the models that may in its place.
///
/// It is kept as one text, by which queued jobs are grouped and found.
public struct ModelRoute: Hashable, Sendable {
    /// How many models may stand behind the first.
    public static let mostFallbacks = 5
    /// The longest text, in bytes.
    public static let mostBytes = 1024

    private static let separator: Character = "\u{1F}"

    /// The models' names, joined by U+001F, which no name holds.
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

    /// All names, the first first.
    public var models: [String] {
        text.split(separator: ModelRoute.separator, omittingEmptySubsequences: false).map(String.init)
    }

    /// The model that was asked for.
    public var model: String {
        text.contains(ModelRoute.separator) ? models[0] : text
    }

    /// The models that may answer in its place.
    public var fallbacks: [String] {
        text.contains(ModelRoute.separator) ? Array(models.dropFirst()) : []
    }
}
