import SluiceJSON
import SluiceTesting

extension CrashClient {
    /// Reads a job, for so many seconds while it has not ended; true when there was an answer.
    func read(_ id: String, waiting seconds: Int? = nil) throws -> Bool {
        guard let before = ledger.look(id) else { return true }
        let headers = seconds.map { [("Prefer", "wait=\($0)")] } ?? []
        let path = "/v1/prompts/\(id)"
        guard let answer = try caller.send("GET", path, as: before.owner, headers: headers) else { return false }
        switch answer.status {
        case 200, 202:
            if let record = (try? answer.json()).flatMap(SeenRecord.init) {
                ledger.saw(record, since: before)
            } else {
                refuse(answer, id, to: "a read")
            }
        case 404: ledger.missed(since: before)
        default: refuse(answer, id, to: "a read")
        }
        return true
    }

    func readAttempts(_ id: String) throws {
        guard let before = ledger.look(id) else { return }
        guard let answer = try caller.send("GET", "/v1/prompts/\(id)/attempts", as: before.owner) else { return }
        switch answer.status {
        case 200:
            guard let attempts = (try? answer.json()).flatMap(SeenAttempt.list) else {
                return refuse(answer, id, to: "a look at the attempts")
            }
            ledger.saw(attempts, since: before)
        case 404: ledger.missed(since: before)
        default: refuse(answer, id, to: "a look at the attempts")
        }
    }

    /// A cancellation without an answer may have happened; one with an answer has, for ever.
    func cancel(_ id: String) throws {
        guard let before = ledger.look(id), before.deletion == .none else { return }
        ledger.askToCancel(id)
        guard let answer = try caller.send("POST", "/v1/prompts/\(id)/cancel", as: before.owner) else { return }
        switch answer.status {
        case 200:
            guard let record = (try? answer.json()).flatMap(SeenRecord.init), record.status == "cancelled" else {
                return refuse(answer, id, to: "a cancellation")
            }
            ledger.acknowledgeCancel(id)
            ledger.saw(record, since: before)
        case 409: _ = try read(id)
        case 404: ledger.missed(since: before)
        default: refuse(answer, id, to: "a cancellation")
        }
    }

    /// Deletes an ended job, its history read before: afterwards nobody may see it.
    func delete(_ id: String) throws {
        guard let before = ledger.look(id), before.end != nil, before.deletion == .none else { return }
        guard let seen = try caller.send("GET", "/v1/prompts/\(id)/attempts", as: owner), seen.status == 200,
            let attempts = (try? seen.json()).flatMap(SeenAttempt.list)
        else { return }
        ledger.saw(attempts, since: before)
        ledger.askToDelete(id)
        while true {
            guard let answer = try caller.send("DELETE", "/v1/prompts/\(id)", as: owner) else { continue }
            // 404: an earlier try, whose answer was lost, had done it.
            if answer.status != 204 && answer.status != 404 { refuse(answer, id, to: "a deletion") }
            ledger.acknowledgeDeletion(id)
            mine.removeAll { $0 == id }
            fresh.removeAll { $0 == id }
            return
        }
    }

    /// Somebody else sees nothing, and can do nothing.
    func readAsStranger(_ id: String) throws {
        guard let entry = ledger.look(id) else { return }
        let stranger = dice.chance(50) ? 2 : 1 - entry.owner
        let (method, path) = dice.chance(70) ? ("GET", "") : dice.chance(50) ? ("POST", "/cancel") : ("DELETE", "")
        guard let answer = try caller.send(method, "/v1/prompts/\(id)\(path)", as: stranger) else { return }
        if answer.status != 404 { refuse(answer, id, to: "another owner's \(method)") }
    }

    /// The newest of the owner's jobs are such as it has.
    func list() throws {
        guard let answer = try caller.send("GET", "/v1/prompts?limit=20", as: owner) else { return }
        guard answer.status == 200, let prompts = (try? answer.json())?[key: "prompts"] else {
            return refuse(answer, "-", to: "a list")
        }
        for json in prompts.elements {
            guard let record = SeenRecord(json) else { return refuse(answer, "-", to: "a list") }
            guard let number = record.number else { return ledger.note(.wrong, record.id, "nobody sent it") }
            // The list may tell of one before its sender was answered; then only the prompt is looked at.
            let expected = CrashPrompt(seed: seed, number: number)
            if record.prompt != expected.promptText {
                ledger.note(.changed, record.id, "the prompt is \(record.prompt)")
            }
            if let entry = ledger.look(record.id), entry.owner != owner {
                ledger.note(.wrong, record.id, "another owner is shown it")
            }
        }
    }
}
