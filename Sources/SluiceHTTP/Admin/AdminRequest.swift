/// A request to the admin API, free of any web framework.
package struct AdminRequest: Sendable {
    /// In capitals.
    package var method: String
    /// The parts of the path, decoded: a name may have a slash in it.
    package var path: [String]
    package var query: [String: String]
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]
    /// Who asks, for the audit: `operator:anna`.
    package var actor: String

    package init(
        method: String,
        path: [String],
        query: [String: String] = [:],
        headers: [String: String] = [:],
        body: [UInt8] = [],
        actor: String = "operator"
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.actor = actor
    }
}

extension AdminRequest {
    /// True for what reads the whole store, and is not to go on for nobody.
    var isLong: Bool { ["backup", "check", "repricings"].contains(path.last) }
}
