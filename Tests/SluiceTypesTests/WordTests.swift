import SluiceTypes
import Testing

/// The words that are stored or sent: changing one breaks what has been stored.
@Suite struct WordTests {
    @Test func `scopes are spelt as in tokens`() {
        #expect(
            Scope.allCases.map(\.rawValue) == ["jobs:write", "jobs:read", "jobs:cancel", "jobs:redrive", "metrics"]
        )
        #expect(Scope.standard == [.jobsWrite, .jobsRead, .jobsCancel])
    }

    @Test func `states, operations, lanes and surfaces are spelt as on the wire`() {
        #expect(JobState.allCases.map(\.rawValue) == ["queued", "running", "succeeded", "dead", "cancelled"])
        #expect(SluiceTypes.Operation.allCases.map(\.rawValue) == ["chat", "completion", "embedding"])
        #expect(Lane.allCases.map(\.rawValue) == ["interactive", "bulk"])
        #expect(Surface.allCases.map(\.rawValue) == ["prompt", "openai"])
        #expect(OnUnknown.allCases.map(\.rawValue) == ["retry", "deadLetter"])
    }

    @Test func `error classes are spelt as on the wire`() {
        #expect(
            ErrorClass.allCases.map(\.rawValue) == [
                "invalidRequest", "tokenLimit", "invalidModel", "authentication", "permission", "quota", "rateLimit",
                "overloaded", "server", "timeout", "network", "malformedResponse", "contentFilter", "interrupted",
                "expired", "poison", "corrupt", "cancelled", "unknown",
            ]
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
