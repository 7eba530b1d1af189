import SluiceJSON
import SluiceTesting

extension CrashClient {
    /// Sends a new prompt: most with a key, some waiting for the end, some with neither.
    func post() throws {
        let prompt = newPrompt()
        var headers: [(String, String)] =
            dice.chance(25) ? [("Prefer", "wait=\(Int.random(in: 1...3, using: &dice))")] : []
        guard prompt.isKeyed else {
            // Without a key it is sent once: unanswered, it may be a job or none.
            if let answer = try caller.send("POST", "/v1/prompts", as: owner, headers: headers, body: prompt.body()) {
                _ = took(answer, prompt)
            }
            return
        }
        headers.append(("Idempotency-Key", prompt.key))
        while true {
            // The same key and bytes until there is an answer: whatever the first one did, there is one job in the end.
            let answer = try caller.send("POST", "/v1/prompts", as: owner, headers: headers, body: prompt.body())
            if let answer, took(answer, prompt) { return }
        }
    }

    /// True when the question is settled; false to ask the next life.
    private func took(_ answer: Answer, _ prompt: CrashPrompt) -> Bool {
        if answer.status == 503, answer.text.contains("urn:sluice:problem:stopping") {
            caller.giveUp()
            return false
        }
        guard answer.status == 202 || answer.status == 200, let record = (try? answer.json()).flatMap(SeenRecord.init)
        else {
            refuse(answer, prompt.word, to: "a prompt")
            return true
        }
        ledger.acknowledge(prompt, id: record.id, owner: owner)
        // What was just made is known by nobody else, so nothing can have overtaken the answer.
        if let entry = ledger.look(record.id) { ledger.saw(record, since: entry) }
        mine.append(record.id)
        fresh.append(record.id)
        return true
    }

    /// Sends a prompt once more that was taken long ago: the same bytes are the same job, unless that has ended without an answer
    /// and surely cost nothing; other bytes are refused.
    func postAgain(_ id: String) throws {
        // One that went without a key would be a new job.
        guard let entry = ledger.look(id), entry.deletion == .none, entry.prompt.isKeyed else { return }
        let key = [("Idempotency-Key", entry.prompt.key)]
        let isChanged = dice.chance(30)
        let body = entry.prompt.body(changed: isChanged)
        guard let answer = try caller.send("POST", "/v1/prompts", as: owner, headers: key, body: body) else { return }
        if answer.status == 503, answer.text.contains("urn:sluice:problem:stopping") { return caller.giveUp() }
        if isChanged {
            if answer.status != 422 { refuse(answer, id, to: "another prompt under the same key") }
            return
        }
        guard answer.status == 202, let record = (try? answer.json()).flatMap(SeenRecord.init) else {
            return refuse(answer, id, to: "a repetition")
        }
        guard record.id == id else { return try wasHandedOn(entry, to: record.id) }
        if answer["Idempotency-Replayed"] != "true" { refuse(answer, id, to: "a repetition, not said to be one,") }
        ledger.saw(record, since: entry)
    }

    /// Looks whether the job that had the key let it go, and takes the new one for a job like others.
    private func wasHandedOn(_ former: CrashLedger.Entry, to heir: String) throws {
        ledger.acknowledge(former.prompt, id: heir, owner: owner)
        mine.append(heir)
        guard let answer = try caller.send("GET", "/v1/prompts/\(former.id)", as: owner), answer.status == 200,
            let record = (try? answer.json()).flatMap(SeenRecord.init)
        else { return }
        let isOver = record.status == "dead" || record.status == "cancelled"
        guard isOver, !record.possiblyCharged else {
            return ledger.note(
                .wrong,
                former.id,
                "its key went to \(heir), though it is \(record.status), possiblyCharged \(record.possiblyCharged)"
            )
        }
        ledger.saw(record, since: former)
    }
}
