import SluiceEngine
import SluiceHTTP
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@Suite("Cancelling many jobs through the admin API")
struct CancelManyTests {
    private let gateway = Gateway()
    private let start = Timestamp.now()

    private func ask(
        _ query: [String: String],
        offline: Bool = false
    ) async throws -> (status: Int, cancelled: [String], root: JSONValue) {
        let api = AdminAPI(
            tokens: gateway.tokens,
            records: gateway.store,
            jobs: offline ? OfflineJobs(store: gateway.store, now: { .now() }) : gateway.engine,
            engine: offline ? nil : gateway.engine,
            reload: nil,
            info: ServerInfo(version: "0.1.0", pid: 7, boot: "b", startedAt: .now()),
            now: { .now() }
        )
        let path = ["admin", "v1", "jobs", "cancel"]
        let reply = await api.respond(AdminRequest(method: "POST", path: path, query: query))
        let root = try Document(reply.body).root
        return (reply.status, (root[key: "cancelled"]?.elements ?? []).compactMap(\.string), root)
    }

    private func job(_ model: String, _ operation: SluiceTypes.Operation, _ lane: Lane, made: Timestamp) -> NewJob {
        NewJob(
            .asked(by: OwnerID(rawValue: "ada"), operation, model: model),
            id: .generate(at: made),
            terms: JobTerms(surface: .prompt, format: .prompt, lane: lane, onUnknown: .retry),
            createdAt: made,
            runAt: made,
            fingerprint: Array(repeating: 1, count: 32),
            input: JobInput(body: Array("{}".utf8))
        )
    }

    /// A queued job's id.
    private func queued(
        _ model: String = "echo-1",
        _ operation: SluiceTypes.Operation = .chat,
        _ lane: Lane = .bulk,
        made: Timestamp? = nil
    ) async throws -> String {
        let job = job(model, operation, lane, made: made ?? start)
        _ = try await gateway.store.submit(job)
        return job.id.description
    }

    /// The id of a job that another life of the gateway left running.
    private func running() async throws -> String {
        let job = job("echo-1", .chat, .bulk, made: start)
        let begun = AttemptStart(row: "fake", credential: nil, model: "echo-1", configHash: "", startedAt: start)
        let submission = try await gateway.store.submitRunning(job, start: begun, boot: .generate())
        guard case .started(let claim) = consume submission else { throw StoreError(.refused, "it was not started") }
        claim.abandon()
        return job.id.description
    }

    @Test("Pages follow each other over queued and running jobs, with a server and without", arguments: [true, false])
    func pages(offline: Bool) async throws {
        var ids: Set<String> = []
        for _ in 0..<5 { ids.insert(try await queued()) }
        for _ in 0..<2 { ids.insert(try await running()) }
        var found: [String] = []
        var after: String?
        repeat {
            var query = ["limit": "3"]
            query["after"] = after
            let page = try await ask(query, offline: offline)
            #expect(page.status == 200)
            #expect(page.cancelled.count <= 3)
            found += page.cancelled
            after = page.root[key: "next"]?.string
        } while after != nil
        #expect(found.count == 7)
        #expect(Set(found) == ids)
        #expect(try await gateway.store.counts() == [.cancelled: 7])
        let audit = try await gateway.store.audit(AuditQuery(action: "job.cancel", limit: 99))
        #expect(audit.count == 7)
        #expect(Set(audit.map(\.subject)) == ids)
    }

    @Test("A filter finds what it names, and a dry run touches nothing")
    func filter() async throws {
        _ = try await gateway.token("eve")
        let plain = try await queued()
        let model = try await queued("echo-2")
        let type = try await queued("echo-1", .completion)
        let lane = try await queued("echo-1", .chat, .interactive)
        let old = try await queued(made: start.adding(.seconds(-60)))
        let going = try await running()
        let moment = start.adding(.seconds(-30)).description
        for (query, ids) in [
            (["model": "echo-2"], [model]), (["type": "completion"], [type]), (["lane": "interactive"], [lane]),
            (["until": moment], [old]), (["status": "running"], [going]),
            (["since": moment], [plain, model, type, lane, going]),
            (["status": "queued", "model": "echo-1", "lane": "bulk"], [plain, type, old]),
            (["owner": "eve"], []), (["model": "nothing"], []),
        ] as [([String: String], [String])] {
            let dry = try await ask(query.merging(["dryRun": "true"]) { $1 })
            #expect(dry.status == 200)
            #expect(Set(dry.cancelled) == Set(ids), "\(query)")
            #expect(dry.root[key: "next"]?.string == nil)
        }
        #expect(try await gateway.store.counts() == [.queued: 5, .running: 1])
        #expect(try await gateway.store.audit(AuditQuery(action: "job.cancel", limit: 9)).isEmpty)
        #expect(try await ask(["model": "echo-2"]).cancelled == [model])
        #expect(try await gateway.store.counts() == [.queued: 4, .running: 1, .cancelled: 1])
    }

    @Test("What is no filter is refused with what is allowed, before any job is touched")
    func refused() async throws {
        _ = try await queued()
        for (query, word) in [
            (["status": "dead"], "running"), (["type": "chatt"], "did you mean `chat`"), (["lane": "fast"], "bulk"),
            (["since": "2h"], "RFC 3339"), (["owner": "nobody"], "nobody"), (["after": "x"], "next"),
            (["class": "server"], "model"),
        ] as [([String: String], String)] {
            let answer = try await ask(query)
            #expect((400...404).contains(answer.status), "\(query)")
            #expect(answer.root[key: "detail"]?.string?.contains(word) == true, "\(query): \(answer.root)")
        }
        #expect(try await gateway.store.counts() == [.queued: 1])
    }
}
