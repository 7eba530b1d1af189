import BenchFill
import BenchLoad
import BenchMachine
import Foundation
import Glibc
import Synchronization

/// What money costs: limits that are judged, callers that are refused, owners who have spent all, sums of days, and new prices for old
/// calls.
struct MoneyStage {
    private let plan: Plan
    private let workplace: Workplace
    private let filling: Filling

    /// A call of 1,000 tokens at most is worth a dollar.
    private static let prices = #""prices": {"bench*": {"input": 0, "output": 1000, "maxOutput": 4000}}"#
    private static let refusals = 10_000.0
    private static let pace = 500.0
    private static let waiting = 300_000
    private static let spentOwners = 2_000
    private static let sums = 2_000_000
    private static let lines = 200_000

    init(_ plan: Plan, _ workplace: Workplace) {
        self.plan = plan
        self.workplace = workplace
        filling = Filling(plan, workplace)
    }

    func run(_ report: inout Report) throws(BenchFault) {
        let upstream = try Upstream(workplace, gap: 5)
        defer { upstream.stop() }
        try calls(upstream, &report)
        try queue(&report)
        try days(&report)
        try repricing(upstream, &report)
    }

    // MARK: Calls

    private func calls(_ upstream: Upstream, _ report: inout Report) throws(BenchFault) {
        let gateway = try CallField.gateway(
            plan,
            workplace,
            data: "money",
            upstream,
            more: Self.prices,
            Gateway.Setting(arguments: ["--record", "full"])
        )
        defer { gateway.stop() }
        let data = "\(workplace.path)/money"
        let free = gateway.contender("without limits")
        let limited = try contender("limited", gateway, data)
        let all = ["--rpm", "100000000", "--tpm", "100000000000", "--at-once", "100000"]
        try sluice(data, ["owner", "limit", "limited", "--budget", "1000000000", "--per", "month"] + all)
        try limits(free, limited, &report)

        let spent = try contender("spent", gateway, data)
        try sluice(data, ["owner", "limit", "spent", "--budget", "1.001", "--per", "ever"])
        _ = try spent.load(1).answers(spent.chat(.whole), seconds: 60, count: 1)
        try refusals(free, spent, &report)
    }

    private func contender(_ name: String, _ gateway: Gateway, _ data: String) throws(BenchFault) -> Contender {
        let token = try sluice(data, ["token", "create", "--name", name]).trimmingCharacters(
            in: .whitespacesAndNewlines
        )
        return Contender(name: name, port: gateway.port, token: token, process: gateway.process)
    }

    /// The same calls of an owner without limits, and of one with each of them.
    private func limits(_ free: Contender, _ limited: Contender, _ report: inout Report) throws(BenchFault) {
        var (without, with) = (Series(), Series())
        for contender in [free, limited] { _ = try cost(contender, min(1, plan.duration)) }
        for round in 1...plan.rounds {
            Progress.say("limits, round \(round) of \(plan.rounds)")
            without.add(try cost(free, plan.duration))
            with.add(try cost(limited, plan.duration))
        }
        report.add("sync at \(plan.connections), --record full, without limits: CPU µs", without)
        report.add("— with all limits: CPU µs", with)
        report.add("— as so many of those without", with.over(without), goal: .atMost(1.05))
    }

    private func cost(_ contender: Contender, _ seconds: Double) throws(BenchFault) -> Double {
        let (cpu, tally) = try contender.cpu { () throws(BenchFault) in
            try contender.call(connections: plan.connections, seconds: seconds)
        }
        return cpu / Double(tally.sent)
    }

    /// What a refusal costs, and what others notice of ten thousand a second.
    private func refusals(_ free: Contender, _ spent: Contender, _ report: inout Report) throws(BenchFault) {
        let request = spent.chat(.whole)
        var (each, quiet, beside) = (Series(), Series(), Series())
        for round in 1...plan.rounds {
            Progress.say("refusals, round \(round) of \(plan.rounds)")
            let (cpu, tally) = try spent.cpu { () throws(BenchFault) in
                try spent.load(plan.connections).answers(request, seconds: plan.duration)
            }
            guard tally.statuses[429] == tally.sent else {
                throw BenchFault("A spent owner is not refused: \(tally.statuses)")
            }
            each.add(cpu / Double(tally.sent))
            quiet.add(try free.call(perSecond: Self.pace, seconds: plan.duration).whole.microseconds(at: 99))
            let others = Repeated { [spent] () throws(BenchFault) in
                _ = try spent.load(64).paced(request, count: 5_000, perSecond: Self.refusals, expecting: .status(429))
            }
            let paced = Result { () throws(BenchFault) in
                try free.call(perSecond: Self.pace, seconds: plan.duration)
            }
            _ = try others.end()
            beside.add(try paced.get().whole.microseconds(at: 99))
        }
        report.add("a refusal of a spent owner: CPU µs", each, goal: .atMost(60))
        report.add("others at \(Int(Self.pace))/s: p99, µs", quiet)
        report.add("— beside \(Int(Self.refusals)) refusals/s: p99, µs", beside)
        report.add("— as so many of those without", beside.over(quiet), goal: .atMost(1.1))
    }

    // MARK: The queue

    /// Lives of an owner's jobs beside those of others who have spent all.
    private func queue(_ report: inout Report) throws(BenchFault) {
        Progress.say("filling with \(Self.waiting.formatted()) jobs of spent owners")
        _ = try filling.makeSeed("money-queue")
        let data = "\(workplace.path)/money-queue"
        try sluice(
            data,
            ["owner", "limit", "bench", "--budget", "0.000000001", "--per", "ever"]
        )
        let other = try sluice(data, ["token", "create", "--name", "other"])
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let empty = try workplace.copy(data, to: "money-empty")
        try filling.spend(data, jobs: Self.waiting, owners: Self.spentOwners)
        var (without, with) = (Series(), Series())
        let gateways = [
            try Gateway(plan, workplace, data: empty, token: other),
            try Gateway(plan, workplace, data: data, token: other),
        ]
        defer { for gateway in gateways { gateway.stop() } }
        for gateway in gateways { _ = try Life(gateway, connections: plan.connections, seconds: 1) }
        for round in 1...plan.rounds {
            Progress.say("lives beside spent owners, round \(round) of \(plan.rounds)")
            without.add(try Life(gateways[0], connections: plan.connections, seconds: plan.duration).cpu)
            with.add(try Life(gateways[1], connections: plan.connections, seconds: plan.duration).cpu)
        }
        let name = "beside \(Self.waiting.formatted()) jobs of \(Self.spentOwners.formatted()) spent owners"
        report.add("a whole life: CPU µs", without)
        report.add("— \(name): CPU µs", with)
        var added = Series()
        for (one, another) in zip(with.values, without.values) { added.add(one - another) }
        report.add("— added, µs", added, goal: .atMost(200))
    }

    // MARK: The ledger

    private func days(_ report: inout Report) throws(BenchFault) {
        Progress.say("filling with \(Self.sums.formatted()) sums of days")
        let token = try filling.makeSeed("money-days")
        let data = "\(workplace.path)/money-days"
        try filling.sumDays(data, to: Self.sums)
        let gateway = try Gateway(plan, workplace, data: data, token: token)
        defer { gateway.stop() }
        var month = Series()
        for _ in 0...plan.rounds {
            let start = Nanoseconds.now()
            try sluice(data, ["usage", "--since", "30d", "--by", "model", "--json"])
            month.add(Double(Nanoseconds.now() - start) / 1e9)
        }
        report.add(
            "sluice usage --since 30d --by model, \(Self.sums.formatted()) sums: s",
            month,
            goal: .atMost(0.2)
        )
    }

    private func repricing(_ upstream: Upstream, _ report: inout Report) throws(BenchFault) {
        Progress.say("filling with \(Self.lines.formatted()) lines")
        let first = try CallField.gateway(plan, workplace, data: "money-lines", upstream, Gateway.Setting())
        let data = "\(workplace.path)/money-lines"
        _ = try first.contender("one").call(connections: 1, seconds: 60, count: 1)
        first.stop()
        try filling.copyLines(data, to: Self.lines)
        let gateway = try CallField.gateway(
            plan,
            workplace,
            data: "money-lines",
            upstream,
            isNew: false,
            token: first.token,
            Gateway.Setting()
        )
        defer { gateway.stop() }
        let prices = PriceSteps()
        let change = { @Sendable [self] () throws(BenchFault) in
            let price = prices.next()
            try sluice(data, ["price", "set", "bench", "--provider", "bench", "--input", price, "--output", "1"])
            try sluice(data, ["price", "reprice", "--since", "1d", "--all", "--json"])
        }
        var (rate, share) = (Series(), Series())
        let request = gateway.prompt(held: true)
        _ = try gateway.load(plan.connections).post(request, seconds: 1)
        for round in 1...plan.rounds {
            Progress.say("new prices, round \(round) of \(plan.rounds)")
            let start = Nanoseconds.now()
            try change()
            rate.add(Double(Self.lines) / (Double(Nanoseconds.now() - start) / 1e9))
            let quiet = try gateway.load(plan.connections).post(request, seconds: plan.duration).tally.rate
            let changes = Repeated(change)
            let beside = Result { () throws(BenchFault) in
                try gateway.load(plan.connections).post(request, seconds: plan.duration).tally.rate
            }
            _ = try changes.end()
            share.add(try beside.get() / quiet)
        }
        report.add("sluice price reprice, lines/s", rate, goal: .atLeast(20_000))
        report.add("— accept at \(plan.connections) meanwhile, as a share of without", share, goal: .atLeast(0.8))
    }

    /// Another price each time, so that each line changes.
    private final class PriceSteps: Sendable {
        private let count = Atomic(1)

        func next() -> String { "\(count.add(1, ordering: .relaxed).newValue)" }
    }

    /// Runs a command on a store.
    ///
    /// - Returns: its standard output.
    @discardableResult
    private func sluice(_ data: String, _ arguments: [String]) throws(BenchFault) -> String {
        let (output, errors) = ("\(data).out", "\(data).err")
        unsafe unlink(output)
        let command = try Child(plan.server, arguments + ["--data", data], output: output, errors: errors)
        let code = try command.exitCode(within: 300)
        guard code == 0 else {
            throw BenchFault(
                "sluice \(arguments.joined(separator: " ")) ended with \(code): \(text(of: errors).suffix(500))"
            )
        }
        return text(of: output)
    }
}
