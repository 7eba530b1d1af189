import BenchLoad
import BenchMachine
import Histogram

/// Accepting alone: prompts that are answered 202 and held, beside the disk's own rate and a bare nginx.
struct AcceptStage {
    private let plan: Plan
    private let workplace: Workplace
    private let disk: DiskProbe

    private var append = Series()
    private var overwrite = Series()
    private var one = Measured()
    private var many = Measured()
    private var oneShare = Series()
    private var oneAppendShare = Series()
    private var manyShare = Series()
    private var nginxRate = Series()
    private var nginxCPU = Series()

    /// One way of asking, over the rounds.
    struct Measured {
        var rate = Series()
        var cpu = Series()
        var latency = Histogram<UInt64>(highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)
    }

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
        disk = DiskProbe(directory: workplace.path)
    }

    mutating func run(_ report: inout Report) throws(BenchFault) {
        let gateway = try Gateway(plan, workplace, data: try workplace.directory("accept"))
        defer { gateway.stop() }
        let nginx = try Nginx(plan, workplace)
        defer { nginx.stop() }
        pause(milliseconds: 1_000)
        let idle = try Memory.of(gateway.process)
        _ = try gateway.load(plan.connections).post(gateway.prompt(held: true), seconds: 1)
        for round in 1...plan.rounds {
            Progress.say("accept, round \(round) of \(plan.rounds)")
            try self.round(gateway, nginx)
        }
        pause(milliseconds: 2_000)
        add(to: &report, idle: idle, loaded: try Memory.of(gateway.process))
    }

    private mutating func round(_ gateway: Gateway, _ nginx: Nginx) throws(BenchFault) {
        let before = try probe()
        let single = try post(gateway, connections: 1, into: \.one)
        let after = try probe()
        try bare(nginx)
        let loaded = try post(gateway, connections: plan.connections, into: \.many)
        let last = try probe()
        oneShare.add(single / ((before.overwrite + after.overwrite) / 2))
        oneAppendShare.add(single / ((before.append + after.append) / 2))
        manyShare.add(loaded / ((after.overwrite + last.overwrite) / 2))
    }

    private mutating func probe() throws(BenchFault) -> (append: Double, overwrite: Double) {
        let seconds = min(0.5, plan.duration)
        let rates = (try disk.rate(.append, seconds: seconds), try disk.rate(.overwrite, seconds: seconds))
        append.add(rates.0)
        overwrite.add(rates.1)
        return (rates.0, rates.1)
    }

    private mutating func post(
        _ gateway: Gateway,
        connections: Int,
        into measured: WritableKeyPath<Self, Measured>
    ) throws(BenchFault) -> Double {
        let start = try gateway.cpu()
        let tally = try gateway.load(connections).post(gateway.prompt(held: true), seconds: plan.duration).tally
        let cpu = try gateway.cpu() - start
        self[keyPath: measured].rate.add(tally.rate)
        self[keyPath: measured].cpu.add(Double(cpu) / 1e3 / Double(tally.sent))
        for value in tally.latency.recordedValues() {
            self[keyPath: measured].latency.record(value.value, count: value.count)
        }
        return tally.rate
    }

    private mutating func bare(_ nginx: Nginx) throws(BenchFault) {
        let start = nginx.cpu()
        let tally = try nginx.load(plan.connections).post(nginx.prompt(), seconds: plan.duration / 2).tally
        nginxRate.add(tally.rate)
        nginxCPU.add(Double(nginx.cpu() - start) / 1e3 / Double(tally.sent))
    }

    private func add(to report: inout Report, idle: Memory, loaded: Memory) {
        let connections = "at \(plan.connections)"
        report.add("disk: fdatasync, appending 4 KiB, per s", append)
        report.add("disk: fdatasync, overwriting 4 KiB, per s", overwrite)
        report.add("accept over HTTP \(connections), per s", many.rate, goal: .atLeast(8_000))
        report.add("— as a share of the disk's overwriting rate", manyShare)
        report.add("accept over HTTP at 1, per s", one.rate)
        // One connection can't flush more often than the disk: then the probe was disturbed, and nothing is judged.
        let isBelievable = oneShare.most <= 1
        report.add("— as a share of the disk's overwriting rate", oneShare, goal: isBelievable ? .atLeast(0.35) : nil)
        if !isBelievable {
            report.skip(
                "the share of the disk's rate: the probe was slower than the gateway, so other work disturbed it"
            )
        }
        report.add("— as a share of the disk's appending rate", oneAppendShare)
        report.add("accept latency at 1, µs", one.latency)
        report.add("accept latency \(connections), µs", many.latency)
        report.add("CPU of an accepted prompt \(connections), µs", many.cpu)
        report.add("CPU of an accepted prompt at 1, µs", one.cpu)
        report.add("bare nginx `return 202` \(connections), per s", nginxRate)
        report.add("bare nginx, CPU of a request, µs", nginxCPU)
        report.add("— accepting costs so many of nginx's requests", many.cpu.median / nginxCPU.median)
        report.add("memory when idle after the start: RSS, MB", idle.resident, goal: .atMost(60))
        report.add("— PSS, MB", idle.proportional)
        report.add("memory after the accept runs: RSS, MB", loaded.resident)
        report.add("— PSS, MB", loaded.proportional)
    }
}
