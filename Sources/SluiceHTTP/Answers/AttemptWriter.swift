import SluiceJSON
import SluiceStore
import SluiceTypes

/// Writes a job's attempts.
enum AttemptWriter {
    /// `{"attempts": […]}`; with `forOperator` the credential's slot and the configuration's hash stand in them too.
    static func bytes(_ attempts: [AttemptRecord], forOperator: Bool) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member(
                    "attempts",
                    array: { writer in
                        for attempt in attempts {
                            writer.object { members(of: attempt, forOperator, to: &$0) }
                        }
                    }
                )
            }
        }
    }

    private static func members(of attempt: AttemptRecord, _ forOperator: Bool, to writer: inout JSONWriter) {
        let report = attempt.report
        writer.member("epoch", attempt.epoch)
        writer.member("provider", attempt.start.row)
        writer.member("model", attempt.start.model)
        if forOperator {
            writer.member("credential", attempt.start.credential)
            writer.member("configHash", attempt.start.configHash)
        }
        writer.member("outcome", attempt.outcome?.rawValue)
        writer.member("startedAt", attempt.start.startedAt.description)
        writer.member("firstByteAt", report?.firstByteAt?.description)
        writer.member("endedAt", report?.endedAt.description)
        writer.member("httpStatus", report?.httpStatus)
        writer.member("errorClass", report?.errorClass?.rawValue)
        writer.member("message", report?.message)
        writer.member("upstreamId", report?.upstreamID)
        if let usage = report?.usage {
            writer.member("usage", object: { RecordWriter.write(usage, to: &$0) })
        } else {
            writer.key("usage")
            writer.null()
        }
    }
}
