package import SluiceTypes

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
    /// Who asks, for the audit: `operator`.
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
    var isLong: Bool { path.last == "backup" || path.last == "check" }
}

/// What the admin API answers: JSON, problem details from status 400 on.
package struct AdminReply: Sendable {
    package var status: Int
    package var body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

/// What came of reading `providers.json` again.
package enum ReloadOutcome: Sendable {
    case reloaded
    /// The file is faulty and the old rows stay.
    case refused([ReloadFault])
}

/// One fault of `providers.json`.
package struct ReloadFault: Sendable, Hashable {
    /// An RFC 6901 pointer; empty for the file as a whole.
    package var pointer: String
    package var message: String
    package var line: Int?
    package var column: Int?

    package init(pointer: String, message: String, line: Int? = nil, column: Int? = nil) {
        self.pointer = pointer
        self.message = message
        self.line = line
        self.column = column
    }
}

/// What the process says of itself.
package struct ServerInfo: Sendable {
    package var version: String
    package var pid: Int32
    package var boot: String
    package var startedAt: Timestamp
    /// Where callers reach it, once it listens.
    package var address: @Sendable () -> String?

    package init(
        version: String,
        pid: Int32,
        boot: String,
        startedAt: Timestamp,
        address: @escaping @Sendable () -> String? = { nil }
    ) {
        self.version = version
        self.pid = pid
        self.boot = boot
        self.startedAt = startedAt
        self.address = address
    }
}
