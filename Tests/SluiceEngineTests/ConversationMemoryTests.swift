import SluiceProvider
import SluiceStore
import SluiceTypes
import Testing

@testable import SluiceEngine

/// What is remembered of conversations, and what follows from it.
@Suite("What is remembered of conversations")
struct ConversationMemoryTests {
    @Test("what another account has written is foreign, and what this one writes behind it is not")
    func spoken() {
        #expect(SpokenWith.foreign(to: "a", after: nil) == .first(0))
        let first = SpokenWith("a", entries: 5, without: .first(0))
        #expect(SpokenWith.foreign(to: "a", after: first) == .first(0))
        #expect(SpokenWith.foreign(to: "b", after: first) == .all)
        let second = SpokenWith("b", entries: 7, without: .all)
        #expect(SpokenWith.foreign(to: "b", after: second) == .first(7))
        let third = SpokenWith("b", entries: 9, without: .first(7))
        #expect(SpokenWith.foreign(to: "b", after: third) == .first(7))
    }

    @Test("none of a conversation that was written anew is foreign")
    func anew() {
        #expect(ForeignReasoning.first(7).end(of: 9) == 7)
        #expect(ForeignReasoning.first(7).end(of: 3) == 0)
        #expect(ForeignReasoning.all.end(of: 3) == 3)
    }

    @Test("the latest are remembered, and no more than there is room for")
    func recent() {
        var values = RecentValues<Int, Int>(most: 8)
        for number in 0..<100 {
            values[number] = number
            values[1000] = number
            #expect(values.count <= 8)
            #expect((max(0, number - 2)...number).allSatisfy { values[$0] == $0 })
            #expect(values[1000] == number)
        }
        #expect(values[0] == nil)
    }

    @Test("an account that had lost an answer is asked to go on from another when an hour has passed")
    func forgetful() {
        let memory = ConversationMemory()
        memory.noteForgetful("a", at: .seconds(10))
        #expect(memory.isForgetful("a", at: .seconds(11)))
        #expect(!memory.isForgetful("b", at: .seconds(11)))
        #expect(!memory.isForgetful("a", at: .seconds(3610)))
    }

    @Test("an answer is kept by its account for as long as the row says")
    func kept() {
        let day = Duration.seconds(86_400)
        let made = Timestamp(milliseconds: 1_000_000)
        let parent = Ancestor(
            id: .generate(at: made),
            format: .openAIResponses,
            finishedAt: made,
            input: [],
            result: [],
            log: nil,
            account: "a",
            upstreamID: "resp_1"
        )
        let policy = StatePolicy(keepsResponses: 29)
        func id(_ account: String, _ policy: StatePolicy, after days: Int) -> String? {
            KeptAnswer.id(of: parent, at: account, policy, at: made.adding(day * days))
        }
        #expect(id("a", policy, after: 28) == "resp_1")
        #expect(id("a", policy, after: 29) == nil)
        #expect(id("b", policy, after: 0) == nil)
        #expect(id("a", StatePolicy(), after: 0) == nil)
        #expect(id("a", StatePolicy(keepsResponses: 29, store: false), after: 0) == nil)
        #expect(id("a", StatePolicy(keepsResponses: 29, store: true), after: 0) == "resp_1")
    }
}
