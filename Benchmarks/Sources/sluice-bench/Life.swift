import BenchLoad
import BenchMachine

/// Whole lives: prompts are accepted, claimed, answered by the stub and stored, until every one has succeeded.
struct Life {
    let jobs: Int
    /// From the first prompt to the last success.
    let seconds: Double
    /// Microseconds of the gateway's CPU for each job, the look-ups of the wait excepted.
    let cpu: Double

    var rate: Double { Double(jobs) / seconds }

    /// Sends prompts for `seconds`, `count` at most, waits until all have succeeded, and looks each of them up.
    ///
    /// - Throws: `BenchFault` when one was not accepted, is not found, or has not succeeded after a minute.
    init(_ gateway: Gateway, connections: Int, seconds: Double, count: Int = .max) throws(BenchFault) {
        let start = Nanoseconds.now()
        let cpuStart = try gateway.cpu()
        let accepted = try gateway.load(connections).post(gateway.prompt(held: false), seconds: seconds, count: count)
        jobs = accepted.jobs.count
        try Self.wait(for: accepted.jobs.tail(connections), gateway)
        var end = Nanoseconds.now()
        let cpuEnd = try gateway.cpu()
        if try Self.check(accepted.jobs, gateway, connections) { end = Nanoseconds.now() }
        self.seconds = Double(end - start) / 1e9
        cpu = Double(cpuEnd - cpuStart) / 1e3 / Double(jobs)
    }

    /// Looks at the last jobs, one at a time and seldom, so that waiting costs the server little.
    private static func wait(for jobs: JobList, _ gateway: Gateway) throws(BenchFault) {
        let limit = Nanoseconds.now() + 60_000_000_000
        var job = 0
        while job < jobs.count {
            guard Nanoseconds.now() < limit else { throw BenchFault("Jobs have not succeeded after 60 s.") }
            if try gateway.load(1).get(jobs.only(job)).unfinished.isEmpty {
                job += 1
            } else {
                pause(milliseconds: 5)
            }
        }
    }

    /// Looks every job up.
    /// - Returns: True when some were not done yet and had to be waited for.
    private static func check(_ jobs: JobList, _ gateway: Gateway, _ connections: Int) throws(BenchFault) -> Bool {
        let unfinished = try gateway.load(connections).get(jobs).unfinished
        for job in unfinished { try wait(for: jobs.only(job), gateway) }
        return !unfinished.isEmpty
    }
}
