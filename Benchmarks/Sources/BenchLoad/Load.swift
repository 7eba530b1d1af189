package import BenchMachine
package import Histogram

/// A load generator on one thread: it shares the machine with what it measures and must cost little.
///
/// What is in this file works in a closed loop: a connection sends its next request when the last one is answered, so that
/// a slow server is asked less often, and latencies are those of a server that is never asked faster than it answers.
/// ``paced(_:count:perSecond:expecting:)`` asks at planned moments instead.
package struct Load {
    let port: UInt16
    let token: String
    let connections: Int

    package init(port: UInt16, token: String, connections: Int) {
        self.port = port
        self.token = token
        self.connections = connections
    }

    /// What came of a run.
    package struct Tally: Sendable {
        package var sent = 0
        package var seconds = 0.0
        package var latency = Histogram<UInt64>(
            highestTrackableValue: 600_000_000,
            numberOfSignificantValueDigits: .three
        )
        /// How many answers had each status.
        package var statuses: [Int: Int] = [:]
        /// The body of the first answer of each status.
        package var examples: [Int: String] = [:]

        package var rate: Double { Double(sent) / seconds }
    }

    package struct Accepted: Sendable {
        package var tally: Tally
        package var jobs: JobList
    }

    /// Sends prompts for `seconds`, `count` at most.
    ///
    /// - Throws: `BenchFault` when an answer is not a 202 or a connection breaks.
    package func post(_ request: [UInt8], seconds: Double, count: Int = .max) throws(BenchFault) -> Accepted {
        var errands = PostErrands(length: UInt64(seconds * 1e9), count: count)
        let tally = try run(&errands, request)
        guard errands.accepted == tally.sent, errands.jobs.count == tally.sent else {
            throw BenchFault("Not every prompt was accepted: \(Self.describe(tally))")
        }
        return Accepted(tally: tally, jobs: errands.jobs)
    }

    /// Makes calls of the OpenAI surface for `seconds`, `count` at most.
    ///
    /// - Throws: `BenchFault` when an answer is not the one that `upstream` gives, or a connection breaks.
    package func call(
        _ request: [UInt8],
        expecting body: [UInt8],
        seconds: Double,
        count: Int = .max
    ) throws(BenchFault) -> Tally {
        var errands = CallErrands(length: UInt64(seconds * 1e9), count: count, body: body)
        let tally = try run(&errands, request)
        guard errands.right == tally.sent else {
            throw BenchFault("Not every call got the upstream's answer: \(Self.describe(tally))")
        }
        return tally
    }

    /// Sends the same request for `seconds`, `count` times at most, and answers with what came, whatever that is.
    ///
    /// - Throws: `BenchFault` when a connection breaks.
    package func answers(_ request: [UInt8], seconds: Double, count: Int = .max) throws(BenchFault) -> Tally {
        var errands = CallErrands(length: UInt64(seconds * 1e9), count: count, body: [])
        return try run(&errands, request)
    }

    /// Sends one request and answers with its status, whatever that is.
    package func status(_ request: [UInt8]) throws(BenchFault) -> (code: Int, body: String) {
        var errands = CallErrands(length: 600_000_000_000, count: 1, body: [])
        let tally = try Load(port: port, token: token, connections: 1).run(&errands, request)
        let code = tally.statuses.keys.first ?? 0
        return (code, tally.examples[code] ?? "")
    }

    package struct Looked: Sendable {
        package var tally: Tally
        /// Places in the list of those that have not succeeded (yet).
        package var unfinished: [Int]
    }

    /// Gets every job of the list once.
    ///
    /// - Throws: `BenchFault` when one is not found.
    package func get(_ jobs: JobList) throws(BenchFault) -> Looked {
        var errands = GetErrands(jobs: jobs, connections: connections)
        let tally = try run(&errands, Request.job(port: port, token: token))
        guard errands.absent.isEmpty else {
            throw BenchFault("\(errands.absent.count) acknowledged jobs were not found: \(Self.describe(tally))")
        }
        return Looked(tally: tally, unfinished: errands.unfinished)
    }

    private static func describe(_ tally: Tally) -> String {
        tally.statuses.sorted { $0.key < $1.key }
            .map { "\($0.value) × \($0.key) \(tally.examples[$0.key] ?? "")" }
            .joined(separator: "; ")
    }

    private func run<E: Errands>(_ errands: inout E, _ template: [UInt8]) throws(BenchFault) -> Tally {
        var poller = try Poller(port: port, connections: connections)
        var request = template
        var tally = Tally()
        var waiting = 0
        let start = Nanoseconds.now()
        errands.begin(at: start)
        for connection in 0..<connections where errands.next(connection: connection, now: start, into: &request) {
            try poller.send(request, connection, at: start)
            waiting += 1
        }
        while waiting > 0 {
            for index in 0..<(try poller.wait(seconds: 30)) {
                guard let connection = poller.ready(index), let answer = try poller.receive(connection) else {
                    continue
                }
                let now = Nanoseconds.now()
                let buffer = poller.buffers[connection]
                tally.count(answer, buffer.span, nanoseconds: now - poller.sentAt[connection])
                errands.take(answer, in: buffer.span, connection: connection)
                if errands.next(connection: connection, now: now, into: &request) {
                    try poller.send(request, connection, at: now)
                } else {
                    waiting -= 1
                }
            }
        }
        tally.seconds = Double(Nanoseconds.now() - start) / 1e9
        return tally
    }
}

extension Load.Tally {
    fileprivate mutating func count(_ answer: Answer, _ bytes: Span<UInt8>, nanoseconds: UInt64) {
        sent += 1
        latency.record(max(1, nanoseconds / 1_000))
        statuses[answer.status, default: 0] += 1
        guard examples[answer.status] == nil else { return }
        let body = bytes.extracting(answer.body)
        examples[answer.status] = String(decoding: (0..<min(body.count, 600)).map { body[$0] }, as: UTF8.self)
    }
}
