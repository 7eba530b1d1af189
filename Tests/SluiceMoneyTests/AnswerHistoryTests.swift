import SluiceMoney
import Testing

/// What is learned of answers.
@Suite struct AnswerHistoryTests {
    @Test func `estimates are corrected by what requests were found to have, within bounds`() {
        var history = AnswerHistory()
        #expect(history.ratio == 1)
        history.note(estimated: 100, input: 150, output: 1, reasoning: 0)
        #expect(history.ratio == 1.5)
        history.note(estimated: 100, input: 50, output: 1, reasoning: 0)
        #expect(history.ratio == 1)
        for _ in 1...50 { history.note(estimated: 1, input: 1000, output: 1, reasoning: 0) }
        #expect(history.ratio == 4)
        for _ in 1...50 { history.note(estimated: 1000, input: 1, output: 1, reasoning: 0) }
        #expect(history.ratio == 0.5)
        // What was not measured teaches nothing.
        for _ in 1...50 { history.note(estimated: 0, input: 10, output: 1, reasoning: 0) }
        #expect(history.ratio == 0.5)
    }

    @Test func `the usual output is what 99 of 100 don't exceed, once 20 are known`() {
        var history = AnswerHistory()
        for output in 1...19 { history.note(estimated: 1, input: 1, output: Int64(output), reasoning: 0) }
        #expect(history.usualOutput == nil)
        history.note(estimated: 1, input: 1, output: 20, reasoning: 0)
        #expect(history.usualOutput == 20)
        for output in 21...200 { history.note(estimated: 1, input: 1, output: Int64(output), reasoning: 0) }
        #expect(history.usualOutput == 198)
        // The oldest give way.
        for _ in 1...200 { history.note(estimated: 1, input: 1, output: 7, reasoning: 0) }
        #expect(history.usualOutput == 7)
    }

    @Test func `the largest share of reasoning counts, and usage that can't be does not`() {
        var history = AnswerHistory()
        history.note(estimated: 1, input: 1, output: 100, reasoning: 80)
        history.note(estimated: 1, input: 1, output: 100, reasoning: 10)
        #expect(history.reasoning == 0.8)
        history.note(estimated: 1, input: 1, output: 10, reasoning: 11)
        history.note(estimated: 1, input: -1, output: 10, reasoning: 0)
        #expect(history.reasoning == 0.8)
        for _ in 1...50 { history.note(estimated: 1, input: 1, output: 100, reasoning: 20) }
        #expect(history.reasoning == 0.2)
    }
}
