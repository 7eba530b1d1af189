/// One request to the admin API.
struct AdminCall: Sendable {
    var method: String
    /// The parts of the path after `/admin/v1`, not encoded.
    var path: [String]
    var query: [(name: String, value: String)] = []
    var body: [UInt8] = []

    static func get(_ path: String..., query: [(name: String, value: String?)] = []) -> AdminCall {
        let given = query.compactMap { pair in pair.value.map { (name: pair.name, value: $0) } }
        return AdminCall(method: "GET", path: path, query: given)
    }

    static func post(_ path: String..., body: [UInt8] = Array("{}".utf8)) -> AdminCall {
        AdminCall(method: "POST", path: path, body: body)
    }
}

/// The way to the admin API: a running server's socket, or the store itself.
protocol AdminCarrier: Sendable {
    /// - Throws: ``Failure`` when no answer came.
    func carry(_ call: AdminCall) async throws -> Reply
}
