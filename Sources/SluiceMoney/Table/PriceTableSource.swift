import SluiceTypes

/// Where a price table comes from.
public struct PriceTableSource: Hashable, Sendable {
    /// The package from which it was made, or another name.
    public let package: String
    /// The package's version.
    public let version: String
    /// When that version was published, in RFC 3339; nil where nobody says.
    public let uploaded: String?
    /// The last day from which one of its prices counts, as in `2027-01-01`.
    public let newest: String?

    /// Takes all four.
    public init(package: String, version: String, uploaded: String? = nil, newest: String? = nil) {
        self.package = package
        self.version = version
        self.uploaded = uploaded
        self.newest = newest
    }

    /// Tells whether a table was published before another; false where one of them doesn't say when.
    public func isOlder(than other: PriceTableSource) -> Bool {
        guard let own = uploaded.flatMap({ Timestamp(rfc3339: $0) }),
            let others = other.uploaded.flatMap({ Timestamp(rfc3339: $0) })
        else { return false }
        return own < others
    }
}
