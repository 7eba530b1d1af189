import Foundation
import ServiceLifecycle
import SluiceEngine
import SluiceHTTP
import SluiceJSON
import SluiceStore
import SluiceTypes
import Synchronization
import Testing

@Suite("The store as a whole, through the admin API")
struct AdminStoreTests {
    /// Keeps what it was asked for, and answers as told.
    private final class Keeper: SnapshotStore {
        private let paths = Mutex<[String]>([])
        let refusal: StoreError?
        let during: @Sendable () async -> Void

        init(refusal: StoreError? = nil, during: @escaping @Sendable () async -> Void = {}) {
            self.refusal = refusal
            self.during = during
        }

        var asked: [String] { paths.withLock(\.self) }

        func backup(
            to path: String,
            onProgress: @escaping @Sendable (BackupProgress) -> Void
        ) async throws(StoreError) -> BackupReport {
            paths.withLock { $0.append(path) }
            onProgress(BackupProgress(.copying, doneBytes: 1, totalBytes: 4))
            await during()
            if let refusal { throw refusal }
            return BackupReport(path: path, bytes: 4, schema: 1, jobs: [.dead: 2])
        }

        func check() async throws(StoreError) -> CheckReport {
            let fault = CheckFault(
                .resultOfItsEpoch,
                "a rule",
                count: 3,
                jobs: [.generate(at: .now())],
                details: ["more"]
            )
            return CheckReport(schema: 1, jobs: [.queued: 1], faults: [fault])
        }
    }

    private let gateway = Gateway()

    private func api(_ keeper: Keeper?) -> AdminAPI {
        AdminAPI(
            tokens: gateway.tokens,
            records: gateway.store,
            jobs: gateway.engine,
            keeper: keeper,
            engine: gateway.engine,
            reload: nil,
            info: ServerInfo(version: "0.1.0", pid: 7, boot: "b", startedAt: .now()),
            now: { .now() }
        )
    }

    private func ask(
        _ api: AdminAPI,
        _ method: String,
        _ path: [String],
        _ body: String = "",
        query: [String: String] = [:]
    ) async throws -> (status: Int, root: JSONValue) {
        let request = AdminRequest(
            method: method,
            path: ["admin", "v1"] + path,
            query: query,
            body: Array(body.utf8)
        )
        let reply = await api.respond(request)
        return (reply.status, try Document(reply.body).root)
    }

    private func audit(_ api: AdminAPI) async throws -> [(subject: String?, result: String?)] {
        let audit = try await ask(api, "GET", ["audit"], query: ["action": "store.backup"])
        return (audit.root[key: "entries"]?.elements ?? []).map {
            ($0[key: "subject"]?.string, $0[key: "result"]?.string)
        }
    }

    @Test("A backup is made where it was asked for, tells how far it is, and stands in the audit")
    func backup() async throws {
        let seen = Mutex<[UInt8]>([])
        let holder = Mutex<AdminAPI?>(nil)
        let keeper = Keeper {
            guard let api = holder.withLock(\.self) else { return }
            let progress = await api.respond(AdminRequest(method: "GET", path: ["admin", "v1", "backup"]))
            seen.withLock { $0 = progress.body }
        }
        let api = api(keeper)
        holder.withLock { $0 = api }
        let answer = try await ask(api, "POST", ["backup"], #"{"path":"/b/x.db"}"#)
        #expect(answer.status == 200)
        #expect(answer.root[key: "bytes"]?.integer == 4)
        #expect(answer.root[key: "jobs"]?[key: "dead"]?.integer == 2)
        #expect(keeper.asked == ["/b/x.db"])
        let progress = try Document(seen.withLock(\.self)).root[key: "backups"]?[0]
        #expect(progress?[key: "path"]?.string == "/b/x.db")
        #expect(progress?[key: "step"]?.string == "copying")
        #expect(progress?[key: "doneBytes"]?.integer == 1)
        #expect(progress?[key: "totalBytes"]?.integer == 4)
        #expect(try await ask(api, "GET", ["backup"]).root[key: "backups"]?.elements.isEmpty == true)
        let lines = try await audit(api)
        #expect(lines.map(\.subject) == ["/b/x.db"] && lines.map(\.result) == ["ok"])
    }

    @Test("A backup that is refused is told in the store's own words, in the audit too")
    func refused() async throws {
        let api = api(Keeper(refusal: StoreError(.refused, "there is something at /b already")))
        let answer = try await ask(api, "POST", ["backup"], #"{"path":"/b"}"#)
        #expect(answer.status == 409)
        #expect(answer.root[key: "detail"]?.string == "there is something at /b already")
        #expect(try await audit(api).map(\.result) == ["there is something at /b already"])
        #expect(try await ask(api, "GET", ["backup"]).root[key: "backups"]?.elements.isEmpty == true)
        let full = self.api(Keeper(refusal: StoreError(.full, "no room")))
        #expect(try await ask(full, "POST", ["backup"], #"{"path":"/b"}"#).status == 507)
    }

    @Test("A path that means something else to the server is not taken", arguments: ["b.db", "", "./b.db"])
    func relative(path: String) async throws {
        let keeper = Keeper()
        let answer = try await ask(api(keeper), "POST", ["backup"], #"{"path":"\#(path)"}"#)
        #expect(answer.status == 400)
        #expect(answer.root[key: "errors"]?[0]?[key: "pointer"]?.string == "/path")
        #expect(keeper.asked.isEmpty)
    }

    @Test(
        "A backup is given up when whoever asked hangs up, and when the server stops",
        .timeLimit(.minutes(1)),
        arguments: [true, false]
    )
    func unwanted(byHangingUp: Bool) async throws {
        let (began, ended) = (Signal(), Signal())
        let keeper = Keeper {
            began.fire()
            // Nobody fires it: only a cancellation ends the wait.
            await Signal().wait()
            ended.fire()
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        let running = Signal()
        let server = AdminServer(path: path, api: api(keeper), logger: gateway.logger) { running.fire() }
        let group = ServiceGroup(services: [server], logger: gateway.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await running.wait()
            try await RawClient.with(path: path) { raw in
                let body = #"{"path":"/b"}"#
                try await raw.send(
                    "POST /admin/v1/backup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                await began.wait()
                if byHangingUp { return }
                await group.triggerGracefulShutdown()
                await ended.wait()
            }
            await ended.wait()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("A check tells each fault with its guarantee, its jobs and how many there are")
    func check() async throws {
        let answer = try await ask(api(Keeper()), "GET", ["check"])
        #expect(answer.status == 200)
        #expect(answer.root[key: "sound"]?.boolean == false)
        let fault = try #require(answer.root[key: "faults"]?[0])
        #expect(fault[key: "guarantee"]?.string == "I5")
        #expect(fault[key: "count"]?.integer == 3)
        #expect(fault[key: "jobs"]?.elements.count == 1)
        #expect(fault[key: "details"]?[0]?.string == "more")
    }

    @Test("A store without a file says so")
    func noFile() async throws {
        #expect(try await ask(api(nil), "GET", ["check"]).status == 409)
        #expect(try await ask(api(nil), "POST", ["backup"], #"{"path":"/b"}"#).status == 409)
    }
}
