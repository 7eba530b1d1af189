/// A coding in which a body may come (RFC 9110, section 8.4.1).
package enum ContentCoding: String, Sendable, CaseIterable {
    /// RFC 1952, one member.
    case gzip
    /// RFC 1950: deflate within zlib's wrapping.
    case deflate
    /// RFC 8878, with the window of RFC 9659; one frame.
    case zstd

    /// The coding of that name, whatever its letters' case; nil for another.
    package init?(name: String) {
        switch name.lowercased() {
        // An old name of the same (RFC 9110, section 8.4.1.3).
        case "x-gzip": self = .gzip
        case let name: self.init(rawValue: name)
        }
    }
}
