import SluiceJSON
import SluiceTesting

/// What is asked once nobody is killed any more.
extension CrashCallClient {
    /// Waits for the end of a response in the background, and holds all that is told of it against each other.
    func settle(_ known: CrashCallBook.Background, calls: () -> Int) throws {
        guard !known.isDeleted else { return }
        guard let record = try end(of: known.job) else { return book.missed(known.id) }
        _ = try poll(known.id)
        try follow(known.id, isWhole: true)
        let attempts = try attempts(of: known.job)
        guard let end = book.look(known.id)?.end else { return book.note(.wrong, known.id, "it never ended") }
        let unclear = attempts.count { $0.outcome == "unknown" || $0.outcome == "interrupted" }
        if end == "failed", unclear < 2 {
            book.note(.wrong, known.id, "it failed, for no reason that the provider gave: \(attempts)")
        }
        let range = attempts.map(\.calls)
        let (least, most) = (range.map(\.lowerBound).reduce(0, +), range.map(\.upperBound).reduce(0, +))
        let count = calls()
        if count < least || count > most {
            book.note(.miscounted, known.id, "the provider was asked \(count) times; its attempts tell \(attempts)")
        }
        let refused = attempts.count { $0.outcome == "failed" || $0.outcome == "deferred" && $0.httpStatus != nil }
        if count - refused > 1, !record.possiblyCharged {
            book.note(.miscounted, known.id, "asked \(count) times, and not possiblyCharged: \(attempts)")
        }
        // What may have been paid is asked for once more, and no more; a crash is counted by itself.
        if attempts.count(where: { $0.outcome == "unknown" }) > 2 {
            book.note(.miscounted, known.id, "it was asked for again and again: \(attempts)")
        }
    }

    /// Looks what became of a call that was waited for.
    func settle(_ call: CrashCallBook.Waited, calls: () -> Int) throws {
        guard let record = try end(of: call.job) else {
            return book.note(.lost, call.job, "its caller had its id, and it is not found")
        }
        if call.wasSuccess, record.status != "succeeded" {
            book.note(.changed, call.job, "its caller had the whole answer, and it is \(record.status)")
        }
        // Whoever waits asks once; only what was surely not carried out is asked for again.
        let isRefused = if case .fails = call.prompt.behaviour { true } else { false }
        let count = calls() - (isRefused ? 1 : 0)
        if count > 1 { book.note(.miscounted, call.job, "it was waited for, and asked \(count) times") }
        guard call.format == .responses, let id = call.upstreamID else { return }
        guard let answer = try caller.send("GET", "\(ChatFormat.responses.path)/\(id)", as: CrashCallClient.owner)
        else {
            return
        }
        switch record.status {
        case "succeeded":
            let text = (try? answer.json())?.responseText
            if answer.status != 200 || text != call.prompt.answer {
                refuse(answer, call.job, to: "a look at \(id), which succeeded,")
            }
        default:
            if record.errorClass == "interrupted", answer.status != 404 {
                refuse(answer, call.job, to: "a look at \(id), which a crash ended,")
            }
        }
    }

    /// The record once it has ended; nil where there is none.
    private func end(of job: String) throws -> SeenRecord? {
        let headers = [("Prefer", "wait=5")]
        while true {
            guard
                let answer = try caller.send("GET", "/v1/prompts/\(job)", as: CrashCallClient.owner, headers: headers)
            else { continue }
            guard answer.status == 200 || answer.status == 202 else {
                if answer.status != 404 { refuse(answer, job, to: "a read") }
                return nil
            }
            guard let record = (try? answer.json()).flatMap(SeenRecord.init) else {
                refuse(answer, job, to: "a read")
                return nil
            }
            if record.isEnded { return record }
        }
    }

    private func attempts(of job: String) throws -> [SeenAttempt] {
        guard let answer = try caller.send("GET", "/v1/prompts/\(job)/attempts", as: CrashCallClient.owner),
            let list = (try? answer.json()).flatMap(SeenAttempt.list)
        else {
            book.note(.wrong, job, "its attempts were not told")
            return []
        }
        return list
    }
}
