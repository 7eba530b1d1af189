import SluiceTypes
import Testing

/// The words that are stored or sent: changing one, or losing it, breaks what has been stored.
///
/// New ones may come.
@Suite struct WordTests {
    private func has<Word: CaseIterable & RawRepresentable<String>>(_: Word.Type, _ words: String...) -> Bool {
        words.allSatisfy { Word(rawValue: $0) != nil } && Set(Word.allCases.map(\.rawValue)).isSuperset(of: words)
    }

    @Test func `scopes are spelt as in tokens`() {
        #expect(
            has(
                Scope.self,
                "jobs:write",
                "jobs:read",
                "jobs:cancel",
                "jobs:redrive",
                "usage:read",
                "usage:owner",
                "metrics"
            )
        )
        #expect(Scope.standard == [.jobsWrite, .jobsRead, .jobsCancel, .usageRead])
    }

    @Test func `states, operations, lanes and surfaces are spelt as on the wire`() {
        #expect(has(JobState.self, "queued", "running", "succeeded", "dead", "cancelled"))
        #expect(has(SluiceTypes.Operation.self, "chat", "completion", "embedding"))
        #expect(has(Lane.self, "interactive", "bulk"))
        #expect(has(Surface.self, "prompt", "openai"))
        #expect(has(JobEntry.self, "queue", "call"))
        #expect(
            has(
                RequestFormat.self,
                "prompt",
                "openai-chat",
                "openai-completion",
                "openai-embedding",
                "anthropic-messages",
                "openai-responses"
            )
        )
        #expect(has(OnUnknown.self, "retry", "deadLetter"))
        #expect(
            has(
                AttemptOutcome.self,
                "ok",
                "failed",
                "late",
                "unknown",
                "released",
                "deferred",
                "cancelled",
                "interrupted"
            )
        )
    }

    @Test func `error classes are spelt as on the wire`() {
        #expect(
            has(
                ErrorClass.self,
                "invalidRequest",
                "tokenLimit",
                "invalidModel",
                "authentication",
                "permission",
                "quota",
                "rateLimit",
                "overloaded",
                "server",
                "timeout",
                "network",
                "malformedResponse",
                "misconfigured",
                "contentFilter",
                "interrupted",
                "expired",
                "poison",
                "corrupt",
                "cancelled",
                "unknown"
            )
        )
    }

    @Test func `the ends of a job are succeeded, dead and cancelled`() {
        #expect(JobState.allCases.filter(\.isTerminal) == [.succeeded, .dead, .cancelled])
    }

    @Test func `a call whose outcome is not the job's result may have been charged`() {
        #expect(AttemptOutcome.allCases.filter(\.isPossiblyCharged) == [.late, .unknown, .cancelled, .interrupted])
    }

    @Test func `usage sums what was read and written, survives absurd counts, and keeps no endless object`() {
        #expect(Usage(promptTokens: 9, completionTokens: 12).totalTokens == 21)
        #expect(Usage(units: ["input": 9, "input.cacheRead": 5, "pages": 3]).totalTokens == 9)
        #expect(Usage(units: [:], raw: Array(repeating: 32, count: 4096)).raw.count == 4096)
        #expect(Usage(units: [:], raw: Array(repeating: 32, count: 4097)).raw.isEmpty)
        #expect(Usage(promptTokens: .max, completionTokens: 1).totalTokens == .max)
    }
}
