import Testing

/// The kill loop proves nothing unless its ledger tells what is wrong: forged answers, each of which it must report.
@Suite struct CrashLedgerTests {
    private static let prompt = CrashPrompt(seed: 1, number: 1)

    private static func record(_ status: String, _ change: (inout SeenRecord) -> Void = { _ in }) -> SeenRecord {
        var record = SeenRecord(
            id: "a",
            status: status,
            prompt: prompt.promptText,
            metadata: prompt.metadataText,
            response: status == "succeeded" ? prompt.answer : nil,
            finish: status == "succeeded" ? "stop" : nil,
            errorClass: nil,
            attempts: 1,
            possiblyCharged: false
        )
        change(&record)
        return record
    }

    /// A ledger with one acknowledged job, "a", and what `body` does to it.
    private static func faults(calls: Int? = nil, _ body: (CrashLedger) -> Void) -> [CrashLedger.Kind] {
        let ledger = CrashLedger()
        ledger.acknowledge(prompt, id: "a", owner: 0)
        body(ledger)
        if let calls { _ = ledger.judge(calls: [prompt.number: calls]) }
        return ledger.faults.map(\.kind)
    }

    private static func see(_ ledger: CrashLedger, _ record: SeenRecord) {
        if let entry = ledger.look("a") { ledger.saw(record, since: entry) }
    }

    private static func see(_ ledger: CrashLedger, _ attempts: [SeenAttempt]) {
        if let entry = ledger.look("a") { ledger.saw(attempts, since: entry) }
    }

    @Test func anHonestLifeIsNotReported() {
        let faults = Self.faults(calls: 1) { ledger in
            for status in ["queued", "running", "succeeded", "succeeded"] { Self.see(ledger, Self.record(status)) }
        }
        #expect(faults.isEmpty)
    }

    @Test func aLostJobIsReported() {
        #expect(Self.faults { ledger in ledger.look("a").map { ledger.missed(since: $0) } } == [.lost])
        #expect(Self.faults { $0.sawAll([], of: 0, seed: 1, since: $0.entries) } == [.lost])
    }

    @Test func aChangedPromptIsReported() {
        #expect(Self.faults { Self.see($0, Self.record("queued") { $0.prompt += " " }) } == [.changed])
        #expect(Self.faults { Self.see($0, Self.record("queued") { $0.metadata = "{}" }) } == [.changed])
    }

    @Test func anotherAnswerThanTheProvidersIsReported() {
        #expect(Self.faults { Self.see($0, Self.record("succeeded") { $0.response = "Something" }) } == [.changed])
    }

    @Test(arguments: ["dead", "queued", "running", "cancelled"])
    func aSecondEndIsReported(status: String) {
        let faults = Self.faults { ledger in
            Self.see(ledger, Self.record("succeeded"))
            Self.see(ledger, Self.record(status))
        }
        #expect(faults == [.changed])
    }

    @Test func anAnswerThatLeftBeforeTheEndIsNotReported() {
        let faults = Self.faults { ledger in
            guard let early = ledger.look("a") else { return }
            Self.see(ledger, Self.record("succeeded"))
            ledger.saw(Self.record("running"), since: early)
        }
        #expect(faults.isEmpty)
    }

    @Test(arguments: ["queued", "succeeded"])
    func anUndoneCancellationIsReported(status: String) {
        let faults = Self.faults { ledger in
            ledger.askToCancel("a")
            ledger.acknowledgeCancel("a")
            Self.see(ledger, Self.record(status))
        }
        #expect(faults == [.changed])
    }

    @Test func aCancellationThatNobodyAskedForIsReported() {
        #expect(Self.faults { Self.see($0, Self.record("cancelled")) } == [.wrong])
    }

    @Test func aDeathWithoutAReasonIsReported() {
        #expect(Self.faults { Self.see($0, Self.record("dead") { $0.errorClass = "server" }) } == [.wrong])
        #expect(Self.faults { Self.see($0, Self.record("dead") { $0.errorClass = "poison" }) }.isEmpty)
    }

    /// A second job of one prompt is in order only where the first let its key go.
    @Test(arguments: [("succeeded", false, true), ("cancelled", true, true), ("cancelled", false, false)])
    func twoJobsOfOnePromptAreReported(status: String, isCharged: Bool, isWrong: Bool) {
        let prompt = CrashPrompt(seed: 1, number: (1...).first { CrashPrompt(seed: 1, number: $0).isKeyed } ?? 1)
        let ledger = CrashLedger()
        for id in ["a", "a", "b"] { ledger.acknowledge(prompt, id: id, owner: 0) }
        for (id, status) in [("a", status), ("b", "succeeded")] {
            guard let entry = ledger.look(id) else { continue }
            ledger.askToCancel(id)
            let seen = Self.record(status) { record in
                record.id = id
                record.prompt = prompt.promptText
                record.metadata = prompt.metadataText
                record.response = status == "succeeded" ? prompt.answer : nil
                record.attempts = status == "succeeded" ? 1 : 0
                record.possiblyCharged = isCharged && id == "a"
            }
            ledger.saw(seen, since: entry)
        }
        _ = ledger.judge(calls: [prompt.number: 1])
        #expect(ledger.faults.contains { $0.kind == .wrong } == isWrong, "\(ledger.faults)")
    }

    @Test func aDeletedJobThatIsShownAgainIsReported() {
        let faults = Self.faults { ledger in
            Self.see(ledger, Self.record("succeeded"))
            ledger.askToDelete("a")
            ledger.acknowledgeDeletion("a")
            Self.see(ledger, Self.record("succeeded"))
        }
        #expect(faults == [.wrong])
    }

    @Test func anotherOwnersJobInAListIsReported() {
        #expect(Self.faults { $0.sawAll([Self.record("queued")], of: 1, seed: 1, since: $0.entries) } == [.wrong])
        let twice = [Self.record("queued"), Self.record("queued")]
        #expect(Self.faults { $0.sawAll(twice, of: 0, seed: 1, since: $0.entries) } == [.wrong])
    }

    @Test func aHistoryThatChangesIsReported() {
        let first = SeenAttempt(epoch: 1, outcome: "interrupted")
        let second = SeenAttempt(epoch: 3, outcome: nil)
        let histories: [([SeenAttempt], [CrashLedger.Kind])] = [
            ([first, second], []),
            ([first, SeenAttempt(epoch: 3, outcome: "ok")], []),
            ([first], [.changed]),
            ([SeenAttempt(epoch: 1, outcome: "ok"), second], [.changed]),
            ([first, SeenAttempt(epoch: 1, outcome: nil)], [.wrong, .changed]),
        ]
        for (history, expected) in histories {
            let faults = Self.faults { ledger in
                Self.see(ledger, [first, second])
                Self.see(ledger, history)
            }
            #expect(faults == expected, "\(history)")
        }
    }

    @Test func aJobThatNeverEndsIsReported() {
        #expect(Self.faults(calls: 1) { _ in } == [.wrong])
    }

    @Test(
        arguments: [
            (2, true, []), (2, false, [.miscounted]), (3, true, [.miscounted]), (0, true, [.miscounted]),
        ] as [(Int, Bool, [CrashLedger.Kind])]
    )
    func aCallThatNothingTellsOfIsReported(calls: Int, charged: Bool, expected: [CrashLedger.Kind]) {
        let faults = Self.faults(calls: calls) { ledger in
            Self.see(ledger, [SeenAttempt(epoch: 1, outcome: "interrupted"), SeenAttempt(epoch: 3, outcome: "ok")])
            Self.see(
                ledger,
                Self.record("succeeded") {
                    $0.attempts = 2
                    $0.possiblyCharged = charged
                }
            )
        }
        #expect(faults == expected)
    }

    @Test func aPlainSuccessThatWasCalledTwiceIsReported() {
        #expect(Self.faults(calls: 2) { Self.see($0, Self.record("succeeded")) } == [.miscounted, .miscounted])
    }
}
