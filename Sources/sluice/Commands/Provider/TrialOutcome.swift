import SluiceJSON
import SluiceProvider
import SluiceTypes

/// How a ``ProviderTrial`` went.
struct TrialOutcome {
    let row: String
    let model: String
    /// The HTTP status, nil where there was no answer.
    var status: Int?
    private(set) var errorClass: ErrorClass?
    private var message = ""
    private var finished = false
    private var milliseconds: Int64 = 0

    init(row: String, model: String) {
        self.row = row
        self.model = model
    }

    mutating func note(_ events: [ReplyEvent]) {
        for event in events {
            switch event {
            case .finish: finished = true
            case .error(let error): fail(error.errorClass, error.message)
            case .start, .upstream, .text, .usage, .limits, .terminal: break
            }
        }
    }

    /// Keeps the first failure.
    mutating func fail(_ errorClass: ErrorClass, _ message: String) {
        guard self.errorClass == nil else { return }
        self.errorClass = errorClass
        self.message = message
    }

    mutating func end(after duration: Duration) {
        milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        if !finished { fail(.malformedResponse, "the answer ended without a finish") }
    }

    /// One line for people.
    var line: String {
        let http = status.map { "HTTP \($0)" } ?? "no HTTP status"
        guard let errorClass else { return "\(row) answered for \(model): \(http) in \(milliseconds) ms" }
        let reason = message.isEmpty ? "" : ": \(Scrubber.scrub(message))"
        return "\(row) failed for \(model): \(errorClass.rawValue), \(http) after \(milliseconds) ms\(reason)"
    }

    var json: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("row", row)
                writer.member("model", model)
                writer.member("ok", errorClass == nil)
                writer.member("httpStatus", status)
                writer.member("errorClass", errorClass?.rawValue)
                writer.member("message", errorClass == nil ? nil : Scrubber.scrub(message))
                writer.member("milliseconds", milliseconds)
            }
        }
    }
}
