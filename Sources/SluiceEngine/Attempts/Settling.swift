import SluiceStore
import SluiceTypes

/// How an attempt is to be settled.
enum Settling: Sendable {
    case succeed(Success)
    case fail(Failure)
    case release
    case wait(AttemptReport, until: Timestamp)
}

extension Settling {
    /// The bytes that are held until it is committed.
    var bytes: Int {
        switch self {
        case .succeed(let success): success.body.count + success.output.bytes
        case .fail(let failure): failure.bytes
        case .release, .wait: 0
        }
    }
}

extension Failure {
    /// The bytes that are held until it is committed.
    var bytes: Int { output?.bytes ?? 0 }
}

extension Setback {
    /// The bytes that are held until it is committed.
    var bytes: Int { output?.bytes ?? 0 }
}

extension AttemptOutput {
    fileprivate var bytes: Int { log.count + text.utf8.count }
}
