package import SluiceTypes

/// Which sums are asked for, and by what they are told apart.
package struct UsageQuery: Sendable, Hashable {
    /// What sums can be told apart by.
    package enum Part: String, Sendable, CaseIterable {
        case day, owner, token, provider, model
    }

    /// In days since 1970, UTC.
    package var days: ClosedRange<Int64>
    package var parts: Set<Part>
    // Nil for all.
    package var owner: OwnerID?
    package var token: TokenID?
    package var provider: String?
    package var model: String?

    /// All sums of these days, told apart by everything unless said otherwise.
    package init(_ days: ClosedRange<Int64>, by parts: Set<Part> = Set(Part.allCases)) {
        self.days = days
        self.parts = parts
    }
}
