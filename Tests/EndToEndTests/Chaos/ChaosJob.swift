import Foundation
import SluiceJSON

/// A prompt that was acknowledged as a job of the queue: the callers' side of the ledger.
struct ChaosJob: Sendable {
    /// One of its tries, as the gateway tells it.
    struct Attempt: Sendable, Hashable, CustomStringConvertible {
        var row: String
        var outcome: String
        var errorClass: String?
        var from: Duration
        var to: Duration

        var description: String { "\(row) from \(from.told) to \(to.told): \(outcome) \(errorClass ?? "")" }
    }

    var id: String
    /// The number of its prompt.
    var prompt: Int
    /// When it was acknowledged.
    var takenAt: Duration
    /// How it ended; nil where it is not found.
    var end: ChaosEnd?
    /// Read of those alone that are dead, or whose model one row serves.
    var attempts: [Attempt] = []
}

/// How a job stands, as its owner is shown it.
struct ChaosEnd: Sendable, Hashable {
    var status: String
    var response: String?
    var errorClass: String?
    var possiblyCharged = false
    /// What it waits for, where it is queued.
    var waitingFor: String?

    var isOver: Bool { status != "queued" && status != "running" }
}

extension ChaosEnd {
    /// Nil for what is no record.
    init?(_ json: JSONValue) {
        guard let status = json[key: "status"]?.string, let charged = json[key: "possiblyCharged"]?.boolean else {
            return nil
        }
        self.init(
            status: status,
            response: json[key: "response"]?.string,
            errorClass: json[key: "error"]?[key: "class"]?.string,
            possiblyCharged: charged,
            waitingFor: json[key: "waitingFor"].map { String(decoding: $0.bytes, as: UTF8.self) }
        )
    }
}

extension ChaosJob.Attempt {
    /// The list of a job's attempts, its moments told by `moment`.
    static func list(_ json: JSONValue, moment: (Date) -> Duration) -> [ChaosJob.Attempt] {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        func read(_ value: JSONValue?) -> Duration {
            guard let text = value?.string, let date = try? style.parse(text) else { return .zero }
            return moment(date)
        }
        return (json[key: "attempts"]?.elements ?? []).map { attempt in
            ChaosJob.Attempt(
                row: attempt[key: "provider"]?.string ?? "",
                outcome: attempt[key: "outcome"]?.string ?? "",
                errorClass: attempt[key: "errorClass"]?.string,
                from: read(attempt[key: "startedAt"]),
                to: read(attempt[key: "endedAt"])
            )
        }
    }
}
