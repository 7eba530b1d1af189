/// What one model had its part in an answer with.
public struct UsagePart: Hashable, Sendable {
    /// The model; nil for the one that the answer names.
    public var model: String?
    /// The counts, by unit, as in ``Usage``.
    public var units: [String: Int64]

    /// Takes both.
    public init(model: String? = nil, units: [String: Int64]) {
        self.model = model
        self.units = units
    }
}
