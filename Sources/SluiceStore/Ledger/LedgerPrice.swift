/// By which price an attempt was priced.
package struct LedgerPrice: Sendable, Hashable {
    /// Where it was found.
    package enum Origin: String, Sendable, CaseIterable {
        /// In the table, for just this model.
        case table
        /// In the table, for a model of which this one's name is a part, or the other way round.
        case approximate
        /// Set at run time.
        case set
        /// In the row.
        case row
        /// By the provider's own figure.
        case told
        /// It costs nothing.
        case free

        /// Whether somebody has written a price for a model of just this name; else the name may be anybody's invention.
        package var namesModel: Bool { self == .table || self == .set }
    }

    package var origin: Origin
    /// The version of the table or of the set price; nil where there is none.
    package var version: String?
    /// Tier, batch, speed or hours; nil for the plain price.
    package var variant: String?

    package init(_ origin: Origin, version: String? = nil, variant: String? = nil) {
        self.origin = origin
        self.version = version
        self.variant = variant
    }
}
