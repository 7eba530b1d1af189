public import SluiceTypes

/// A part of what a call used, and the model that used it.
public struct UsageEntry: Hashable, Sendable {
    /// The model; nil for the one that the answer names.
    public var model: String?
    /// Counts by unit, as in ``Usage``.
    public var units: [String: Int64]

    /// Takes both.
    public init(model: String? = nil, units: [String: Int64]) {
        self.model = model
        self.units = units
    }

    /// The one entry of an answer that tells none apart.
    public init(_ usage: Usage) {
        self.init(units: usage.units)
    }
}
