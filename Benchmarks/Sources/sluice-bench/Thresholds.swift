import BenchMachine
import Foundation

/// The committed counts: what a request may cost.
struct Thresholds {
    private let path: String
    /// By unit and by what is asked.
    private var committed: [String: [String: Double]]
    private var measured: [String: [String: Double]] = [:]
    /// What costs more than it may.
    private(set) var breaches: [String] = []

    /// - Throws: `BenchFault` when the file is there and can't be read.
    init(_ path: String) throws(BenchFault) {
        self.path = path
        committed = [:]
        guard let data = FileManager.default.contents(atPath: path) else { return }
        do {
            committed = try JSONDecoder().decode([String: [String: Double]].self, from: data)
        } catch {
            throw BenchFault("\(path) is no file of thresholds; --write-thresholds makes one: \(error)")
        }
    }

    /// What `unit` may count for `name`; nil where nothing is committed.
    func limit(_ unit: String, _ name: String, tolerance: Double) -> Double? {
        committed[unit]?[name].map { ($0 * (1 + tolerance)).rounded() }
    }

    /// Takes a count, and compares it.
    mutating func take(_ unit: String, _ name: String, _ value: Double, tolerance: Double) {
        measured[unit, default: [:]][name] = value.rounded()
        guard let limit = limit(unit, name, tolerance: tolerance), value > limit else { return }
        breaches.append("\(unit) of \(name): \(Int(value)), more than \(Int(limit))")
    }

    /// How much of a chat's a stage's surfaces may take; nil where nothing is committed.
    ///
    /// It is set by hand, and never measured anew.
    func share(ofChat stage: String) -> Double? {
        committed["ratio to a chat's"]?[stage]
    }

    /// Compares a ratio with ``share(ofChat:)``.
    mutating func judge(_ stage: String, _ name: String, ratio: Double) {
        guard let share = share(ofChat: stage), ratio > share else { return }
        breaches.append("\(name): \(ratio) of a chat's, more than \(share)")
    }

    /// Writes what was counted; what was not counted stays as it was.
    func write() throws(BenchFault) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let all = committed.merging(measured) { $0.merging($1) { $1 } }
        do {
            try (encoder.encode(all) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path))
        } catch {
            throw BenchFault("writing \(path): \(error)")
        }
    }
}
