import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("The router")
struct RouterTests {
    private static let group = JobGroup(lane: .interactive, operation: .chat, route: "m")

    private static func key(_ value: String) -> Credential {
        Credential(slot: "env:\(value)", secret: Secret(value))
    }

    private static func session(_ number: Int) -> UInt64 { SessionNumber.of(.a, Array("s\(number)".utf8)) }

    private static func router(_ rows: [ProviderRow], most: Int = 2048) -> Router {
        Router(Catalogue(rows: rows), settings: EngineSettings(mostCalls: most), secret: [1, 2, 3])
    }

    private static func job(_ number: Int, of owner: OwnerID = .a) -> ClaimedJob {
        let now = Timestamp(milliseconds: 0)
        let job = NewJob(
            .asked(by: owner, .chat, model: "m"),
            id: .numbered(number),
            terms: JobTerms(surface: .prompt, format: .prompt, lane: .interactive, onUnknown: .once),
            createdAt: now,
            fingerprint: Rig.fingerprint,
            input: JobInput(body: [])
        )
        let start = AttemptStart(row: "up", credential: nil, model: "m", configHash: "", startedAt: now)
        return ClaimedJob(started: job, start)
    }

    private struct Stand {
        var router: Router
        var random = SystemRandomNumberGenerator()
        var uptime = Duration.zero

        init(_ rows: [ProviderRow], most: Int = 2048) {
            router = RouterTests.router(rows, most: most)
        }

        mutating func call(_ owner: OwnerID = .a, session: UInt64? = nil, besides: Set<ChoiceName> = []) -> Permit? {
            var wish = Wish(RouterTests.group, owner: owner, isQueued: false, session: session)
            wish.besides = besides
            return router.permit(for: wish, at: uptime, using: &random)
        }

        mutating func queued(_ count: Int, _ owner: OwnerID? = nil) -> [Permit] {
            router.reserve(RouterTests.group, owner, count: count, at: uptime, using: &random).permits
        }

        /// The names of the members that so many calls go to, each over before the next.
        mutating func shares(_ count: Int) -> [String: Int] {
            var shares: [String: Int] = [:]
            for _ in 0..<count {
                guard let permit = call() else { continue }
                shares[permit.credential ?? permit.row.name, default: 0] += 1
                router.end(permit, of: .a)
                router.release([permit])
            }
            return shares
        }
    }

    @Test("splits a row's weight among its keys, and calls among rows by their weights")
    func weights() {
        var rows = [
            Rig.row("a", credentials: [Self.key("k1"), Self.key("k2")]), Rig.row("b", credentials: [Self.key("k3")]),
        ]
        rows[1].weight = 3
        var stand = Stand(rows)
        let shares = stand.shares(8000)
        // Shares of 1/8, 1/8 and 6/8; four standard deviations are some 120.
        for (slot, expected) in [("env:k1", 1000), ("env:k2", 1000), ("env:k3", 6000)] {
            #expect(abs((shares[slot] ?? 0) - expected) < 200, "\(slot): \(shares)")
        }
    }

    @Test("leaves out keys without a value, and a row's weight with them")
    func missing() {
        let missing = Credential(slot: "env:none", secret: nil, problem: "not set")
        var stand = Stand([Rig.row("a", credentials: [missing, Self.key("k1")])])
        same(stand.shares(20), ["env:k1": 20])
    }

    @Test("asks a lower priority before a higher one, and goes on to that when the first is full")
    func priorities() {
        var stand = Stand([Rig.row("b", priority: 1), Rig.row("a", concurrency: 1)])
        same(stand.call()?.row.name, "a")
        same(stand.call()?.row.name, "b")
    }

    @Test("keeps one key's limit from the other, one model's from another, and one owner's from another")
    func limits() {
        var stand = Stand([Rig.row(models: ["m", "n"], credentials: [Self.key("k1"), Self.key("k2")])])
        let permit = stand.call()!
        let news = stand.router.noteLimit(permit, of: Self.job(1), wish: .seconds(30), limitedAt: nil, at: .zero)
        #expect(news == .window(.seconds(30)))
        let other = stand.shares(20)
        #expect(other.count == 1 && other[permit.credential ?? ""] == nil)
        var wish = Wish(Self.group, owner: .a, isQueued: false)
        wish.key.route = "n"
        let models = Set(
            (0..<50).compactMap { _ in stand.router.permit(for: wish, at: .zero, using: &stand.random)?.credential }
        )
        #expect(models.count == 2)
        let owners = Set((0..<50).compactMap { _ in stand.call(.b)?.credential })
        #expect(owners.count == 2)
    }

    @Test("knows a row's one key under all the types that it serves")
    func types() {
        let row = Rig.row(operations: [.chat, .embedding], models: ["m", "n"], credentials: [Self.key("k1")])
        var stand = Stand([row])
        var embedding = Wish(JobGroup(lane: .bulk, operation: .embedding, route: "n"), owner: .a, isQueued: false)
        let before = stand.router.permit(for: embedding, at: .zero, using: &stand.random)
        #expect(before != nil)
        let permit = stand.call()!
        stand.router.noteRefusal(permit, .refused("HTTP 401"), at: .zero)
        let after = stand.router.permit(for: embedding, at: .seconds(1), using: &stand.random)
        #expect(after == nil)
        embedding.key.operation = .completion
        let hold = stand.router.hold(embedding, at: .zero)
        #expect(hold?.detail.contains("no provider row serves completion") == true)
    }

    @Test("knows one account under several rows, and tells what differs in host, key, headers or gateway")
    func accounts() {
        func refused(_ second: ProviderRow) -> Bool {
            var first = Rig.row("x", models: ["m"])
            first.endpoint = Endpoint(baseURL: "https://host/v1")
            var stand = Stand([first, second])
            let permit = stand.call()!
            stand.router.noteRefusal(permit, .refused("HTTP 401"), at: .zero)
            var wish = Wish(Self.group, owner: .a, isQueued: false)
            wish.key.route = "n"
            return stand.router.permit(for: wish, at: .seconds(1), using: &stand.random) == nil
        }
        func row(_ url: String, key: String = "top-secret-key", headers: [HeaderField] = []) -> ProviderRow {
            var row = Rig.row("y", models: ["n"], credentials: [Self.key(key)])
            row.endpoint = Endpoint(baseURL: url, headers: headers)
            return row
        }
        #expect(refused(row("https://host/v1")))
        #expect(refused(row("https://host:443/v1")))
        #expect(!refused(row("https://other/v1")))
        #expect(!refused(row("https://host/v1", key: "another")))
        #expect(!refused(row("https://host/v1", headers: [HeaderField("OpenAI-Project", "p")])))
        // Two upstreams behind one gateway.
        #expect(!refused(row("https://host/other")))
    }

    @Test("forgets refused keys at a reload, and keeps windows and calls under way")
    func reload() {
        let rows = [Rig.row(concurrency: 2)]
        var stand = Stand(rows)
        let permit = stand.call()!
        stand.router.noteRefusal(permit, .refused("HTTP 401"), at: .zero)
        same(stand.call() == nil, true)
        stand.router.replace(with: Catalogue(rows: rows))
        same(stand.call() == nil, false)
        same(stand.call() == nil, true)
        _ = stand.router.noteLimit(permit, of: Self.job(1), wish: .seconds(30), limitedAt: nil, at: .zero)
        stand.router.release([permit])
        stand.router.replace(with: Catalogue(rows: rows))
        same(stand.call() == nil, true)
        same(stand.call(.b) == nil, false)
    }

    @Test("asks each member once, and tells whom there is to wait for")
    func exchange() {
        var stand = Stand([Rig.row("a"), Rig.row("b", priority: 1, concurrency: 1), Rig.row("c", priority: 2)])
        let wish = Wish(Self.group, owner: .a, isQueued: false)
        let first = stand.call()!
        #expect(first.row.name == "a")
        guard case .taken(let second) = next(&stand, first, [first.name], wish) else {
            Issue.record("nobody was next")
            return
        }
        #expect(second.row.name == "b")
        guard case .taken(let third) = next(&stand, second, [first.name, second.name], wish) else {
            Issue.record("nobody was next")
            return
        }
        guard case .none = next(&stand, third, [first.name, second.name, third.name], wish) else {
            Issue.record("somebody was asked twice")
            return
        }
        // `b` is full then.
        let filling = stand.call(.b, besides: [first.name])!
        #expect(filling.row.name == "b")
        guard case .busy = next(&stand, third, [first.name, third.name], wish) else {
            Issue.record("a full row is no reason to wait")
            return
        }
        _ = stand.router.noteLimit(filling, of: Self.job(1), wish: .seconds(9), limitedAt: nil, at: .zero)
        guard case .closed(.seconds(9)) = next(&stand, third, [first.name, third.name], wish) else {
            Issue.record("a window is no reason to wait")
            return
        }
    }

    private func next(_ stand: inout Stand, _ permit: Permit, _ used: Set<ChoiceName>, _ wish: Wish) -> NextPermit {
        var wish = wish
        wish.besides = used
        return stand.router.exchange(permit, for: wish, at: .zero, using: &stand.random)
    }

    @Test("lets one job of the queue through at the end of a window, and then sixteen")
    func ramp() {
        var stand = Stand([Rig.row()])
        let first = stand.queued(64)
        #expect(first.count == 16)
        _ = stand.router.noteLimit(first[0], of: Self.job(1), wish: .seconds(5), limitedAt: nil, at: .zero)
        _ = stand.router.noteLimit(first[1], of: Self.job(2, of: .b), wish: .seconds(5), limitedAt: nil, at: .zero)
        stand.router.release(first)
        same(stand.queued(64).isEmpty, true)
        stand.uptime = .seconds(5)
        let probe = stand.queued(64)
        #expect(probe.count == 1)
        same(stand.router.noteWell(probe[0], of: Self.job(1), at: .seconds(5)), true)
        stand.router.noteAnswer(probe[0], of: Self.job(1))
        stand.router.release(probe)
        same(stand.queued(64).count, 16)
    }

    @Test("takes a limit for the job's own where other calls ended well since its last one")
    func own() {
        var stand = Stand([Rig.row()])
        let permit = stand.call()!
        same(
            stand.router.noteLimit(permit, of: Self.job(1), wish: nil, limitedAt: nil, at: .seconds(1)),
            .window(.seconds(5))
        )
        _ = stand.router.noteWell(permit, of: Self.job(2, of: .b), at: .seconds(2))
        let news = stand.router.noteLimit(permit, of: Self.job(1), wish: nil, limitedAt: .seconds(1), at: .seconds(3))
        #expect(news == .own)
        guard
            case .window = stand.router.noteLimit(
                permit,
                of: Self.job(1),
                wish: nil,
                limitedAt: .seconds(3),
                at: .seconds(4)
            )
        else {
            Issue.record("it was taken for the job's own though nobody was answered since")
            return
        }
    }

    @Test("holds up the owner alone whose calls have failed, and no row, no owner and no queue beyond its part")
    func bulkheads() {
        var stand = Stand([Rig.row("a"), Rig.row("b", models: ["n"])], most: 16)
        let permit = stand.call()!
        for number in 0..<5 {
            let isOpen = stand.router.noteFailure(permit, of: Self.job(number), isOverload: false, at: .zero)
            #expect(isOpen == (number == 4))
        }
        stand.router.end(permit, of: .a)
        stand.router.release([permit])
        same(stand.call() == nil, true)
        same(stand.router.named(for: Self.group), [.a])
        same(stand.queued(64).count, 8)
        same(stand.call(.b) == nil, true)
        var other = Wish(Self.group, owner: .b, isQueued: false)
        other.key.route = "n"
        let taken = (0..<20).compactMap { _ in stand.router.permit(for: other, at: .zero, using: &stand.random) }
        #expect(taken.count == 8)
    }

    @Test("refuses no call where an account is suspected, asks others first, and sends the queue's jobs one a minute")
    func suspicion() {
        var stand = Stand([Rig.row("a", credentials: [Self.key("k1"), Self.key("k2")])])
        let permit = stand.call()!
        for number in 1...3 {
            let isRaised = stand.router.noteDoubt(permit, of: Self.job(number))
            #expect(isRaised == (number == 3))
        }
        same(stand.shares(20), [permit.credential == "env:k1" ? "env:k2" : "env:k1": 20])
        var alone = Stand([Rig.row()])
        let only = alone.call()!
        for number in 1...3 { _ = alone.router.noteDoubt(only, of: Self.job(number)) }
        same(alone.shares(3), ["env:KEY": 3])
        for (second, count) in [(0, 1), (59, 0), (60, 1)] {
            alone.uptime = .seconds(second)
            let permits = alone.queued(64)
            #expect(permits.count == count, "at \(second)")
            // While a place is set aside there is no other; given back unused, it is there again.
            same(alone.queued(64).count, 0)
            alone.router.release(permits)
            let sent = alone.queued(64)
            #expect(sent.count == count, "at \(second)")
            for permit in sent {
                alone.router.begin(permit, of: .a)
                alone.router.end(permit, of: .a)
            }
            alone.router.release(sent)
            same(alone.shares(3), ["env:KEY": 3])
        }
        // The first answer ends it.
        same(alone.router.noteWell(only, of: Self.job(9), at: .seconds(61)), true)
        same(alone.queued(64).count, 16)
    }

    @Test("sends every session to one member, spreads them by weight, and moves only those of a member that goes")
    func sessions() {
        let rows = ["a", "b", "c"].map { Rig.row($0) }
        var stand = Stand(rows)
        func homes(_ stand: inout Stand) -> [String] {
            (0..<300).map { number in
                guard let permit = stand.call(session: Self.session(number)) else { return "" }
                stand.router.end(permit, of: .a)
                stand.router.release([permit])
                return permit.row.name
            }
        }
        let before = homes(&stand)
        same(homes(&stand), before)
        let shares = Dictionary(grouping: before) { $0 }.mapValues(\.count)
        #expect(shares.count == 3 && shares.values.allSatisfy { $0 > 60 }, "\(shares)")
        var fewer = Stand(Array(rows.dropLast()))
        for (old, new) in zip(before, homes(&fewer)) where old != "c" { #expect(new == old) }
        // The same after a restart: it goes by the store's secret and the row's name.
        var again = Stand(rows)
        same(homes(&again), before)
    }

    @Test("sends a session elsewhere while its member has much more than its share")
    func fullSession() {
        var stand = Stand(["a", "b"].map { Rig.row($0) })
        let session = Self.session(0)
        let names = (0..<60).map { _ in stand.call(session: session)?.row.name ?? "" }
        let home = names[0]
        // As many as make no difference, and then so that it keeps to a quarter above its half.
        #expect(names.prefix(9).allSatisfy { $0 == home })
        let count = names.count { $0 == home }
        #expect((37...47).contains(count), "\(count)")
    }
}
