import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

/// What a follower was told, as text: entries as `kind payload`, behind each the position after it.
struct Told: Sendable, Equatable {
    var lines: [String] = []
    var positions: [LogPosition] = []
    /// How the following ended: `end <state>`, `stopped`, or nothing where the test had enough.
    var end = ""

    mutating func add(_ followed: Followed, _ position: LogPosition) {
        switch followed {
        case .attempt(let attempt): add("attempt \(attempt.epoch)", position)
        case .entries(let piece):
            for entry in LogEntries(piece) {
                let payload = String(decoding: entry.payload, as: UTF8.self)
                add("\(entry.kind) \(payload)", LogPosition(epoch: position.epoch, offset: entry.end))
            }
        case .nothing: break
        case .end(let job): end = "end \(job.state)"
        case .stopped: end = "stopped"
        }
    }

    private mutating func add(_ line: String, _ position: LogPosition) {
        lines.append(line)
        positions.append(position)
    }

    /// The text of the newest attempt.
    var text: String {
        lines.reduce(into: "") { text, line in
            if line.hasPrefix("attempt ") { text = "" }
            if line.hasPrefix("text ") { text += line.dropFirst(5) }
        }
    }
}

extension Rig {
    /// A streaming job's id.
    func submitStream(onUnknown: OnUnknown = .retry) async throws -> JobID {
        guard case .created(let id) = try await engine.submit(streamJob(onUnknown)) else { throw Unexpected() }
        return id
    }

    func streamJob(_ onUnknown: OnUnknown = .retry) -> NewJob {
        job(
            #"{"model":"m","stream":true,"messages":[]}"#,
            surface: .openAI,
            format: .openAIChat,
            stream: true,
            onUnknown: onUnknown
        )
    }

    /// Follows a job until it ends, or `isEnough` says so of what was told.
    func follow(
        _ id: JobID,
        after position: LogPosition? = nil,
        until isEnough: @Sendable (Told) -> Bool = { _ in false }
    ) async throws -> Told {
        guard case .found(let start) = try await engine.find(position, in: id, owner: Rig.owner) else {
            throw Unexpected()
        }
        return try await engine.follow(start) { follower in
            var told = Told()
            while told.end.isEmpty, !isEnough(told) {
                try Task.checkCancellation()
                let followed = try await follower.next(within: .seconds(1_000_000))
                told.add(followed, follower.position)
            }
            return told
        }
    }

    static func chunk(_ text: String) -> ReplayScript.Step {
        .chunk(#"data: {"id":"up-1","choices":[{"index":0,"delta":{"content":"\#(text)"}}]}"# + "\n\n")
    }

    static let finish = [
        ReplayScript.Step.chunk(
            #"data: {"id":"up-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
        ),
        .chunk("data: [DONE]\n\n"), .end,
    ]

    static let streamHead = ReplayScript.Step.head(200, [HeaderField("content-type", "text/event-stream")])

    /// A stream of these texts; where `isHeld`, each waits to be released, and so does the finish.
    static func stream(_ texts: [String], isHeld: Bool = false) -> ReplayScript {
        let chunks = texts.flatMap { isHeld ? [ReplayScript.Step.hold, chunk($0)] : [chunk($0)] }
        return ReplayScript([streamHead] + chunks + (isHeld ? [.hold] : []) + finish)
    }
}
