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
    /// Whether something of an answer came, and the mark at its end.
    private var hasText = false
    private var hasMark = false
    private let secrets: [Secret]
    /// What the call that streamed came to; nil where none was made.
    private var stream: Stream?

    private enum Stream {
        case well
        /// The row needs `"finish": "mark"`.
        case unfinished
        case failed(String)
    }
    private var milliseconds: Int64 = 0

    init(row: String, model: String, secrets: [Secret]) {
        self.row = row
        self.model = model
        self.secrets = secrets
    }

    mutating func note(_ events: [ReplyEvent]) {
        for event in events {
            switch event {
            case .finish: finished = true
            case .error(let error): fail(error.errorClass, error.message)
            case .text(let piece): hasText = hasText || !piece.isEmpty
            case .terminal: hasMark = true
            case .start, .upstream, .usage, .fields: break
            }
        }
    }

    /// Notes what a second call came to, which asked for a stream.
    mutating func noteStream(_ outcome: TrialOutcome) {
        if outcome.errorClass == nil {
            stream = .well
        } else if outcome.hasMark, outcome.hasText, !outcome.finished {
            stream = .unfinished
        } else {
            stream = .failed("\(outcome.errorClass?.rawValue ?? "")\(outcome.reason)")
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
        guard let errorClass else {
            return "\(row) answered for \(model): \(http) in \(milliseconds) ms\(streamWords.map { "; \($0)" } ?? "")"
        }
        return "\(row) failed for \(model): \(errorClass.rawValue), \(http) after \(milliseconds) ms\(reason)"
    }

    private var reason: String { message.isEmpty ? "" : ": \(Scrubber.scrub(message, hiding: secrets))" }

    private var streamWords: String? {
        switch stream {
        case nil: nil
        case .well: "it streams"
        case .unfinished: "its streams never say why they end: give the row \"finish\": \"mark\""
        case .failed(let reason): "its stream failed: \(reason)"
        }
    }

    /// False when a call failed.
    var isWell: Bool {
        switch stream {
        case nil, .well: errorClass == nil
        case .unfinished, .failed: false
        }
    }

    var json: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("row", row)
                writer.member("model", model)
                writer.member("ok", isWell)
                writer.member("httpStatus", status)
                writer.member("errorClass", errorClass?.rawValue)
                writer.member("message", errorClass == nil ? nil : Scrubber.scrub(message, hiding: secrets))
                writer.member("stream", streamWords)
                writer.member("milliseconds", milliseconds)
            }
        }
    }
}
