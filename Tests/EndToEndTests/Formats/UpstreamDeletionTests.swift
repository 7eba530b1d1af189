import GRDB
import Glibc
import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Testing

/// What a caller deleted is deleted at its provider too, however long that is away, and whatever becomes of the gateway.
@Suite("A response that was deleted while its provider was away", .timeLimit(.minutes(2)))
struct UpstreamDeletionTests {
    /// How the provider meets the first time that it is told.
    enum Meeting: String, CaseIterable {
        case closes, fails, hangs
    }

    @Test("reaches it after the gateway was killed, and is then forgotten", arguments: Meeting.allCases)
    func killed(_ meeting: Meeting) async throws {
        let deletions = NameCounts()
        let stand = try await FormatStand { request in
            guard request.method == "DELETE" else { return .openAIError(404) }
            guard deletions.next("all") == 1 else {
                return .response(text: #"{"id":"resp_up","object":"response","deleted":true}"#)
            }
            return switch meeting {
            case .closes: .close
            case .fails: .openAIError(503)
            case .hangs: .silence
            }
        } _: { format, _, _, isStream in
            .answer(format, ["One"], id: "resp_up", isStream: isStream)
        }
        let body = ChatFormat.responses.request("responses-kept")
        let answer = try await stand.gateway.send("POST", "/v1/responses", token: stand.token, body: body)
        #expect(try answer.json()[key: "id"]?.string == "resp_up")
        let deleted = try await stand.gateway.send("DELETE", "/v1/responses/resp_up", token: stand.token)
        #expect(deleted.status == 200 && deleted["x-sluice-upstream"] == "deleting")
        _ = await stand.provider.requests(atLeast: 2)
        #expect(await stand.gateway.stop(SIGKILL) == 128 + SIGKILL)

        // Its next turn comes, without anybody waiting for it.
        let file = stand.home.data + "/sluice.db"
        try await DatabaseQueue(path: file).write { database in
            try database.execute(sql: "UPDATE upstream_delete SET due_at = 0")
            #expect(database.changesCount == 1)
        }
        let again = try await stand.restarted()
        let told = await stand.provider.requests(atLeast: 3)[1...]
        #expect(told.map(\.path) == ["/v1/responses/resp_up", "/v1/responses/resp_up"])
        #expect(told.allSatisfy { $0.method == "DELETE" && $0["Authorization"] == "Bearer \(UpstreamTests.key)" })
        #expect(try await again.send("GET", "/v1/responses/resp_up", token: stand.token).status == 404)
        // The provider has read it; the gateway learns of its answer a little later.
        while try await Self.left(in: file) > 0 {
            try Task.checkCancellation()
            _ = try await again.send("GET", "/livez")
        }
        #expect(stand.provider.requests.count == 3)
    }

    private static func left(in file: String) async throws -> Int {
        try await DatabaseQueue(path: file).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM upstream_delete") ?? -1
        }
    }
}
