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
                "expired", "poison", "cancelled", "unknown",
            ]
        )
    }

    @Test func `the ends of a job are succeeded, dead and cancelled`() {
        #expect(JobState.allCases.filter(\.isTerminal) == [.succeeded, .dead, .cancelled])
    }

    @Test func `a call whose outcome is not the job's result may have been charged`() {
        #expect(AttemptOutcome.allCases.filter(\.isPossiblyCharged) == [.late, .unknown, .cancelled, .interrupted])
    }

    @Test func `usage sums its parts unless the provider gave a sum, and survives absurd ones`() {
        #expect(Usage(promptTokens: 9, completionTokens: 12).totalTokens == 21)
        #expect(Usage(promptTokens: 9, completionTokens: 12, totalTokens: 30).totalTokens == 30)
        #expect(Usage(promptTokens: .max, completionTokens: 1).totalTokens == .max)
    }
}
