/// One request to the admin API.
struct AdminCall: Sendable {
    var method: String
    /// The parts of the path after `/admin/v1`, not encoded.
    var path: [String]
    var query: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// How long its answer may be in coming.
    var patience = Duration.seconds(120)

    static func get(_ path: String..., query: [(name: String, value: String?)] = []) -> AdminCall {
        let given = query.compactMap { pair in pair.value.map { (name: pair.name, value: $0) } }
        return AdminCall(method: "GET", path: path, query: given)
    }

    static func delete(_ path: String...) -> AdminCall {
        AdminCall(method: "DELETE", path: path)
    }

    /// The same, for work that takes as long as it takes.
    func patient() -> AdminCall {
        var call = self
        call.patience = .seconds(86_400)
        return call
    }

    static func post(
        _ path: String...,
        query: [(name: String, value: String?)] = [],
        body: [UInt8] = Array("{}".utf8)
    ) -> AdminCall {
        let given = query.compactMap { pair in pair.value.map { (name: pair.name, value: $0) } }
        return AdminCall(method: "POST", path: path, query: given, body: body)
    }
}

/// The way to the admin API: a running server's socket, or the store itself.
protocol AdminCarrier: Sendable {
    /// - Throws: ``Failure`` when no answer came.
    func carry(_ call: AdminCall) async throws -> Reply
}
