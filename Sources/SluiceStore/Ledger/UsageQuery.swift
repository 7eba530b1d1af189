package import SluiceTypes

/// Which sums are asked for, and by what they are told apart.
package struct UsageQuery: Sendable, Hashable {
    /// What sums can be told apart by.
    package enum Part: String, Sendable, CaseIterable {
        case day, owner, token, provider, model, tag, session
    }

    /// In days since 1970, UTC.
    package var days: ClosedRange<Int64>
    package var parts: Set<Part>
    // Nil for all.
    package var owner: OwnerID?
    package var token: TokenID?
    package var provider: String?
    package var model: String?
    package var tag: String?
    package var session: SessionMark?

    /// All sums of these days, told apart by everything that sums are kept by unless said otherwise.
    package init(_ days: ClosedRange<Int64>, by parts: Set<Part> = Set(Part.allCases).subtracting([.session])) {
        self.days = days
        self.parts = parts
    }

    /// Whether it is about conversations: no sums are kept by them, so that the lines are added up, as long as these are kept.
    package var readsLines: Bool { session != nil || parts.contains(.session) }
}
