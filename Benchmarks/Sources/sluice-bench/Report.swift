import BenchMachine
import Foundation
import Glibc
import Histogram

/// The table that a run ends with.
struct Report {
    enum Goal {
        case atLeast(Double)
        case atMost(Double)
    }

    private struct Row {
        var figure: String
        var measured: String
        var spread = ""
        var goal = ""
        var ratio = ""
        var met = ""

        var cells: [String] { [figure, measured, spread, goal, ratio, met] }
    }

    private var rows = [
        Row(figure: "figure", measured: "measured", spread: "least – most", goal: "goal", ratio: "ratio", met: "met")
    ]
    private var notes: [String] = []
    private var skipped = [
        "the full depth of 10⁷ stored jobs: it takes too long for a run of every day (--flat 1e7 does it)",
        "latencies of prompts at a rate that does not wait for answers: their generator works in a closed loop",
        "a load from another machine: the generator shares the processors with the gateway",
    ]

    init(_ plan: Plan) {
        notes.append(
            "\(Self.processor), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors shared by gateway and generator; "
                + "\(plan.rounds) rounds of \(Self.text(plan.duration)) s; the median is printed."
        )
    }

    mutating func add(_ figure: String, _ series: Series, goal: Goal? = nil) {
        var row = Row(figure: figure, measured: Self.text(series.median))
        row.spread = "\(Self.text(series.least)) – \(Self.text(series.most))"
        judge(&row, series.median, goal)
    }

    mutating func add(_ figure: String, _ value: Double, goal: Goal? = nil) {
        var row = Row(figure: figure, measured: Self.text(value))
        if figure.hasSuffix("%"), value > 0 { row.measured = "+" + row.measured }
        judge(&row, value, goal)
    }

    /// A memory figure, given in bytes.
    mutating func add(_ figure: String, _ bytes: Int?, goal: Goal? = nil) {
        if let bytes { add(figure, Double(bytes) / 1e6, goal: goal) }
    }

    mutating func add(_ figure: String, _ latency: Histogram<UInt64>) {
        let points = [50.0, 90, 99, 99.9].map { Self.text(Double(latency.valueAtPercentile($0))) }
        var row = Row(figure: "\(figure): p50 · p90 · p99 · p99.9", measured: points.joined(separator: " · "))
        row.spread = "most \(Self.text(Double(latency.maxRecorded)))"
        rows.append(row)
    }

    /// Says so when something else uses the machine: then rates are low, and shares mean little.
    mutating func noteOtherWork(_ when: String) {
        guard let share = OtherWork.share(), share > 0.05 else { return }
        note("Other work used \(Self.text(share * 100)) % of the processors \(when) the run: do not trust its rates.")
    }

    mutating func note(_ text: String) { notes.append(text) }

    mutating func skip(_ text: String) { skipped.append(text) }

    /// Writes it to standard output, as Markdown.
    func print() {
        let widths = (0..<6).map { column in rows.map { $0.cells[column].count }.max() ?? 0 }
        for (index, row) in rows.enumerated() {
            Swift.print(line(row.cells, widths))
            if index == 0 { Swift.print(line(widths.map { String(repeating: "-", count: $0) }, widths)) }
        }
        Swift.print("\nNot measured here:")
        for text in skipped { Swift.print("- \(text)") }
        Swift.print("")
        for text in notes { Swift.print(text) }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        return "| " + padded.joined(separator: " | ") + " |"
    }

    private mutating func judge(_ row: inout Row, _ value: Double, _ goal: Goal?) {
        switch goal {
        case .atLeast(let limit):
            row.goal = "≥ \(Self.text(limit))"
            row.ratio = Self.text(value / limit)
            row.met = value >= limit ? "yes" : "no"
        case .atMost(let limit):
            row.goal = "≤ \(Self.text(limit))"
            // A growth near nothing, or below it, has no ratio that says anything.
            row.ratio = row.figure.hasSuffix("%") ? "" : Self.text(value / limit)
            row.met = value <= limit ? "yes" : "no"
        case nil:
            break
        }
        rows.append(row)
    }

    private static func text(_ value: Double) -> String {
        let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
        return value.formatted(.number.precision(.fractionLength(digits)).locale(Locale(identifier: "en_US")))
    }

    private static var processor: String {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
            let name = line.split(separator: ":").last
        else { return "An unnamed processor" }
        return name.trimmingCharacters(in: .whitespaces)
    }
}
