import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceStore
import SluiceTypes

/// Writes what happens to a job as server-sent events (the HTML standard, section 9.2).
enum EventText {
    /// An attempt began: what was told of the one before is not its beginning.
    static func attempt(_ attempt: AttemptRecord, at place: LogPosition) -> [UInt8] {
        let data = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("epoch", attempt.epoch)
                writer.member("provider", attempt.start.row)
                writer.member("startedAt", attempt.start.startedAt.description)
            }
        }
        return event("attempt", data, at: place)
    }

    /// Those of a log's entries that are told: text as `delta`, the provider's own events as `raw`, and `usage`.
    static func entries(_ piece: LogPiece, epoch: Int64) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(piece.bytes.count * 2)
        for entry in LogEntries(piece) {
            let place = LogPosition(epoch: epoch, offset: entry.end)
            switch entry.kind {
            case .text: append("delta", delta(entry.payload), at: place, to: &text)
            case .upstream: append("raw", EventText.raw(entry), at: place, to: &text)
            // One without a name is a mark, and holds nothing.
            case .terminal where !entry.name.isEmpty: append("raw", EventText.raw(entry), at: place, to: &text)
            case .usage: append("usage", entry.payload, at: place, to: &text)
            // They are told with the attempt and with the end.
            case .start, .finish, .terminal, .error: break
            }
        }
        return text
    }

    /// The provider's own event; the beginnings and ends of Responses may say again what was asked.
    private static func raw(_ entry: LogEntry) -> ArraySlice<UInt8> {
        guard repeating.contains(where: { entry.name.elementsEqual($0.utf8) }) else { return entry.payload }
        return CallersSecrets.hidden(in: Array(entry.payload))[...]
    }

    private static let repeating = [
        "response.created", "response.queued", "response.in_progress", "response.completed", "response.incomplete",
        "response.failed",
    ]

    /// The job has ended so.
    static func end(_ job: JobRecord, at place: LogPosition, seesMoney: Bool) -> [UInt8] {
        let data = JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("id", job.id.description)
                writer.member("status", job.state.rawValue)
                RecordWriter.ending(of: job, to: &writer)
                if seesMoney { RecordWriter.cost(of: job, to: &writer) }
                writer.member("attempts", job.attempts)
                writer.member("possiblyCharged", job.possiblyCharged)
            }
        }
        return event("end", data, at: place)
    }

    private static func delta(_ piece: ArraySlice<UInt8>) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { $0.member("text", String(decoding: piece, as: UTF8.self)) }
        }
    }

    private static func event(_ name: String, _ data: [UInt8], at place: LogPosition) -> [UInt8] {
        var text: [UInt8] = []
        append(name, data, at: place, to: &text)
        return text
    }

    private static func append(
        _ name: String,
        _ data: some Collection<UInt8>,
        at place: LogPosition,
        to text: inout [UInt8]
    ) {
        text += "event: \(name)\nid: \(place)\n".utf8
        ServerSentEvent.append(data, to: &text)
    }
}
