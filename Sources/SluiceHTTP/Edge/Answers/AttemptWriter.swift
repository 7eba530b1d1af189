import SluiceJSON
import SluiceStore
import SluiceTypes

/// Writes a job's attempts.
enum AttemptWriter {
    /// `{"attempts": […]}`.
    ///
    /// For an operator the credential's slot and the row stand in them too, as the row stood in the file then: `rows` has it by
    /// the hash of its configuration.
    static func bytes(_ attempts: [AttemptRecord], forOperator rows: [String: [UInt8]]? = nil) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member(
                    "attempts",
                    array: { writer in
                        for attempt in attempts {
                            writer.object { members(of: attempt, rows, to: &$0) }
                        }
                    }
                )
            }
        }
    }

    private static func members(of attempt: AttemptRecord, _ rows: [String: [UInt8]]?, to writer: inout JSONWriter) {
        let report = attempt.report
        writer.member("epoch", attempt.epoch)
        writer.member("provider", attempt.start.row)
        writer.member("model", attempt.start.model)
        if let rows {
            writer.member("credential", attempt.start.credential)
            writer.member("configHash", attempt.start.configHash)
            writer.member("row", rows[attempt.start.configHash].map { RawJSON($0) })
        }
        writer.member("outcome", attempt.outcome?.rawValue)
        writer.member("startedAt", attempt.start.startedAt.description)
        writer.member("firstByteAt", report?.firstByteAt?.description)
        writer.member("endedAt", report?.endedAt.description)
        writer.member("httpStatus", report?.httpStatus)
        writer.member("errorClass", report?.errorClass?.rawValue)
        writer.member("message", report?.message)
        writer.member("upstreamId", report?.upstreamID)
        writer.memberIfPresent("finishReasonUpstream", report?.finishUpstream)
        if let dropped = report?.dropped, !dropped.isEmpty { writer.texts("dropped", dropped) }
        writer.memberIfPresent("rebuiltTurns", report?.rebuiltTurns)
        if let usage = report?.entry?.usage {
            writer.member("usage", object: { RecordWriter.write(usage, to: &$0) })
        } else {
            writer.key("usage")
            writer.null()
        }
    }
}
