import BenchLoad
import BenchMachine
import BenchUpstream
import Glibc

/// What it costs to tell a provider a thread that it does not keep, beside the same call without one.
struct RebuildStage {
    private let plan: Plan
    private let workplace: Workplace

    /// A thread, and what it may cost.
    private struct Thread {
        var turns: Int
        /// Of the text of each turn.
        var bytes: Int
        /// Milliseconds of CPU.
        var goal: Double
        /// Calls in a round.
        var calls: Int
    }

    private static let threads = [
        Thread(turns: 50, bytes: 4 << 10, goal: 2, calls: 200),
        Thread(turns: 200, bytes: 40 << 10, goal: 40, calls: 20),
    ]

    /// A stage that has measured nothing yet.
    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
    }

    /// Measures calls with a thread and without one in alternation, and adds what came out.
    ///
    /// - Throws: `BenchFault` when an answer is not the upstream's.
    func run(_ report: inout Report) throws(BenchFault) {
        for thread in Self.threads {
            let name = "rebuild-\(thread.turns)"
            let upstream = try Upstream(workplace, gap: 5)
            defer { upstream.stop() }
            let gateway = try CallField.gateway(
                plan,
                workplace,
                data: name,
                upstream,
                surfaces: [.responses],
                Gateway.Setting()
            )
            defer { gateway.stop() }
            try measure(thread, gateway.contender(name), &report)
        }
    }

    private func measure(_ thread: Thread, _ contender: Contender, _ report: inout Report) throws(BenchFault) {
        Progress.say("rebuild: a thread of \(thread.turns) turns of \(thread.bytes >> 10) KB")
        guard let last = try make(thread, contender) else {
            return report.skip("rebuild: this gateway does not serve POST /v1/responses, or does not continue them")
        }
        let alone = Request.turn(port: contender.port, token: contender.token, bytes: thread.bytes, after: nil)
        let told = Request.turn(port: contender.port, token: contender.token, bytes: thread.bytes, after: last)
        for request in [alone, told] { _ = try milliseconds(of: request, thread, contender) }
        var (without, with, cost) = (Series(), Series(), Series())
        for _ in 1...plan.rounds {
            let base = try milliseconds(of: alone, thread, contender)
            let whole = try milliseconds(of: told, thread, contender)
            without.add(base)
            with.add(whole)
            cost.add(whole - base)
        }
        let title = "a call behind \(thread.turns) turns of \(thread.bytes >> 10) KB"
        report.add("CPU ms of \(title), the sending of them included", with)
        report.add("— of such a call alone", without)
        report.add("— what the thread adds", cost, goal: .atMost(thread.goal))
    }

    /// Milliseconds of CPU of one call, one after the other.
    private func milliseconds(
        of request: [UInt8],
        _ thread: Thread,
        _ contender: Contender
    ) throws(BenchFault) -> Double {
        let object = Canned.object(of: .responses)
        let (cpu, tally) = try contender.cpu { () throws(BenchFault) in
            try contender.load(1).call(request, expecting: object, seconds: 600, count: thread.calls)
        }
        return cpu / 1_000 / Double(tally.sent)
    }

    /// Makes a thread turn by turn.
    ///
    /// - Returns: The id of its last response, which nothing is given to but by the gateway; nil where there are no threads.
    /// - Throws: `BenchFault` when a turn is not answered.
    private func make(_ thread: Thread, _ contender: Contender) throws(BenchFault) -> String? {
        var previous: String?
        for turn in 1...thread.turns {
            // The upstream gives the same id each time, and the newest answer of that name is continued.
            let isLast = turn == thread.turns
            let request = Request.turn(
                port: contender.port,
                token: contender.token,
                bytes: thread.bytes,
                after: previous,
                isBackground: isLast
            )
            let (code, body) = try contender.load(1).status(request)
            if code == 404 || code == 400, turn <= 2 { return nil }
            guard code == 200 else { throw BenchFault("Turn \(turn) of a thread is answered with \(code): \(body)") }
            previous = Self.id(in: body)
        }
        guard let last = previous else { return nil }
        let look = Request.response(last, port: contender.port, token: contender.token)
        let end = Nanoseconds.now() + 60_000_000_000
        while Nanoseconds.now() < end {
            let (_, body) = try contender.load(1).status(look)
            if body.contains(#""status":"completed""#) { return last }
            pause(milliseconds: 20)
        }
        throw BenchFault("The last turn of a thread is not answered.")
    }

    private static func id(in body: String) -> String? {
        body.split(separator: #""id":""#, maxSplits: 1).dropFirst().first.map { String($0.prefix { $0 != "\"" }) }
    }
}
