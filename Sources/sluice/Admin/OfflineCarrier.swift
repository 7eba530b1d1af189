/// Admin requests to the store itself, while no server runs.
struct OfflineCarrier: AdminCarrier {
    init(directory: String) async throws {
        throw Failure("No server runs on \(directory).")
    }

    func carry(_ call: AdminCall) async throws -> Reply { Reply(status: 0, body: []) }
}
