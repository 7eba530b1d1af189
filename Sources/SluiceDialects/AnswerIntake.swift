import SluiceProvider

/// Takes in the body of an answer, and tells what there is to read: the bytes of a stream as they come, one object once it is
/// whole, or the body of a refusal.
///
/// Whether a stream or an object comes its first bytes tell, whatever was asked for.
struct AnswerIntake: Sendable {
    /// What there is to read.
    enum Portion {
        /// Nothing yet, or nothing more.
        case nothing
        /// The next bytes of a stream of events.
        case stream([UInt8])
        /// The whole body of an answer that is no stream, its byte order mark taken away.
        case object([UInt8])
        /// The body of an answer whose status is not 2xx.
        case refusal(status: Int, body: [UInt8])
    }

    private enum Phase {
        case beginning
        case plain
        case stream
        case failure
        case over
    }

    private let mayStream: Bool
    private var phase = Phase.beginning
    private var isDeclaredStream = false
    private var status = 0
    private var body: [UInt8] = []

    /// Takes in an answer that may be a stream, or is read whole whatever it begins with.
    init(mayStream: Bool = true) {
        self.mayStream = mayStream
    }

    /// Notes the status, and what the answer calls itself.
    mutating func begin(_ head: ResponseHead) {
        status = head.status
        isDeclaredStream = head["content-type"]?.lowercased().hasPrefix("text/event-stream") ?? false
        phase = !(200...299).contains(status) ? .failure : mayStream ? .beginning : .plain
    }

    /// Takes more of the body; `last` tells of its clean end.
    mutating func take(_ chunk: [UInt8], last: Bool) -> Portion {
        switch phase {
        case .over: return .nothing
        case .stream: return .stream(chunk)
        case .beginning:
            body += chunk
            switch AnswerForm.of(body, isDeclared: isDeclaredStream) {
            case .stream:
                phase = .stream
                let beginning = Array(AnswerForm.visible(body))
                body = []
                return .stream(beginning)
            case nil where !last: return .nothing
            case .object, nil: phase = .plain
            }
            return take([], last: last)
        case .plain:
            body += chunk
            guard last else { return .nothing }
            phase = .over
            return .object(Array(AnswerForm.withoutMark(body)))
        case .failure:
            body += chunk.prefix(AnswerLimits.errorBody - body.count)
            guard last else { return .nothing }
            phase = .over
            return .refusal(status: status, body: body)
        }
    }

    /// The transport broke off: the status of a refusal, which has said what matters; nil for any other answer.
    mutating func breakOff() -> Int? {
        guard phase == .failure else { return nil }
        phase = .over
        return status
    }
}
