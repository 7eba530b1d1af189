import SluiceHTTP
import SluiceJSON
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@Suite("Redriving many jobs through the admin API")
struct RedriveManyTests {
    private let gateway = Gateway()
    private let start = Timestamp.now()

    private func ask(
        _ query: [String: String],
        model: String? = nil
    ) async throws -> (status: Int, queued: [String], root: JSONValue) {
        let api = AdminAPI(
            tokens: gateway.tokens,
            records: gateway.store,
            jobs: gateway.engine,
            engine: gateway.engine,
            reload: nil,
            info: ServerInfo(version: "0.1.0", pid: 7, boot: "b", startedAt: .now()),
            now: { .now() }
        )
        let body = model.map { #"{"model":"\#($0)"}"# } ?? ""
        let path = ["admin", "v1", "jobs", "redrive"]
        let reply = await api.respond(AdminRequest(method: "POST", path: path, query: query, body: Array(body.utf8)))
        let root = try Document(reply.body).root
        return (reply.status, (root[key: "queued"]?.elements ?? []).compactMap(\.string), root)
    }

    /// Dead jobs, the newest first.
    private func dead(
        _ count: Int,
        model: String = "old",
        _ operation: SluiceTypes.Operation = .chat
    ) async throws -> [String] {
        var ids: [String] = []
        for _ in 0..<count {
            let job = NewJob(
                .asked(by: OwnerID(rawValue: "ada"), operation, model: model),
                id: .generate(at: start),
                terms: JobTerms(surface: .prompt, format: .prompt, lane: .bulk, onUnknown: .retry),
                createdAt: start,
                runAt: start,
                deadlineAt: start,
                fingerprint: Array(repeating: 1, count: 32),
                input: JobInput(body: Array("{}".utf8))
            )
            _ = try await gateway.store.submit(job)
            ids.insert(job.id.description, at: 0)
        }
        _ = try await gateway.store.expire(at: start.adding(.seconds(1)), held: [:], dueBefore: start, limit: 1000)
        return ids
    }

    @Test("Pages follow each other over jobs that die again behind them, and no job is met twice or passed over")
    func pages() async throws {
        let ids = try await dead(7)
        var found: [String] = []
        var after: String?
        repeat {
            var query = ["class": "expired", "limit": "3"]
            query["after"] = after
            let page = try await ask(query)
            #expect(page.status == 200)
            found += page.queued
            after = page.root[key: "next"]?.string
            // Those that were queued again die again, and so does one that is new.
            for id in page.queued.compactMap({ JobID($0) }) {
                #expect(try await gateway.store.job(id, owner: nil)?.state == .queued)
            }
            _ = try await dead(1)
            let group = JobGroup(lane: .bulk, operation: .chat, route: "old")
            _ = try await gateway.store.expire(
                at: .now().adding(.seconds(9)),
                held: [group: .expired],
                dueBefore: .now().adding(.seconds(8)),
                limit: 100
            )
        } while after != nil
        #expect(found == ids)
    }

    @Test("A filter finds what it names, and a dry run touches nothing")
    func filter() async throws {
        let old = try await dead(2)
        let other = try await dead(1, model: "other")
        #expect(try await ask(["modelWas": "other", "dryRun": "true"]).queued == other)
        #expect(try await ask(["modelWas": "old", "dryRun": "true"]).queued == old)
        #expect(try await ask(["class": "server", "dryRun": "true"]).queued == [])
        #expect(try await ask(["since": start.adding(.seconds(60)).description, "dryRun": "true"]).queued == [])
        #expect(try await gateway.store.counts() == [.dead: 3])
        #expect(try await ask(["modelWas": "old"], model: "echo-1").queued == old)
        #expect(try await gateway.store.counts() == [.dead: 1, .queued: 2])
        #expect(try await gateway.store.jobs(JobQuery(owner: nil, model: "echo-1", limit: 9)).count == 2)
        let audit = try await gateway.store.audit(AuditQuery(action: "job.redrive", limit: 9))
        #expect(Set(audit.map(\.subject)) == Set(old))
    }

    @Test("A model that nobody serves, or a class that there is not, is refused before any job is touched")
    func refused() async throws {
        _ = try await dead(2)
        let model = try await ask([:], model: "nobody")
        #expect(model.status == 400)
        #expect(model.root[key: "detail"]?.string?.contains("nobody") == true)
        let kind = try await ask(["class": "serfer"])
        #expect(kind.status == 400)
        #expect(kind.root[key: "detail"]?.string?.contains("malformedResponse") == true)
        #expect(try await gateway.store.counts() == [.dead: 2])
    }

    @Test("A job that can't be queued again is named with the reason, and the others are queued")
    func some() async throws {
        let ids = try await dead(3)
        let embedding = try await dead(1, .embedding)
        let deleted = try #require(JobID(ids[1]))
        _ = try await gateway.store.deleteBodies(deleted, owner: nil, at: start, upstream: [], strangers: [])
        let answer = try await ask([:], model: "echo-1")
        #expect(answer.queued == [ids[0], ids[2]])
        let refused = answer.root[key: "refused"]?.elements ?? []
        #expect(refused.map { $0[key: "id"]?.string } == [embedding[0], ids[1]])
        #expect(refused.map { $0[key: "detail"]?.string?.contains("embedding") } == [true, false])
        #expect(refused[1][key: "detail"]?.string?.contains("deleted") == true)
    }
}
