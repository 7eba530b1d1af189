import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("Who waits for a call")
struct CallerPresenceTests {
    private let presence = CallerPresence(memory: .seconds(60))
    private let id = JobID.generate(at: Timestamp(milliseconds: 0))
    private let asked: [UInt8] = [1]

    @Test("whoever leaves a call that may be closed closes it, and who leaves with the answer does not")
    func cancel() {
        presence.enter(id, CallKey(asked), .cancel)
        #expect(presence.leave(id, delivered: false) == .close)
        presence.enter(id, CallKey(asked), .cancel)
        #expect(presence.end(id, succeeded: true, at: .zero) == .nothing)
        #expect(presence.leave(id, delivered: false) == .nothing)
        #expect(presence.leave(id, delivered: true) == .nothing)
        #expect(presence.adopt(asked) == nil)
    }

    @Test("a call is closed only when the last of its callers has left")
    func last() {
        presence.enter(id, CallKey(asked), .cancel)
        presence.join(id)
        #expect(presence.leave(id, delivered: false) == .nothing)
        #expect(presence.leave(id, delivered: false) == .close)
    }

    @Test("a grace counts from the last departure, and is void once somebody has come")
    func grace() {
        presence.enter(id, CallKey(asked), .grace)
        #expect(presence.leave(id, delivered: false) == .grace(departure: 1))
        #expect(presence.closes(id, after: 1))
        #expect(presence.adopt(asked) == id)
        #expect(!presence.closes(id, after: 1))
        #expect(presence.leave(id, delivered: false) == .grace(departure: 2))
        #expect(!presence.closes(id, after: 1))
        #expect(presence.closes(id, after: 2))
        presence.join(id)
        #expect(!presence.closes(id, after: 2))
        #expect(presence.adopt(asked) == nil)
    }

    @Test("an answer that nobody came for is remembered for its time and then forgotten")
    func memory() {
        presence.enter(id, CallKey(asked), .grace)
        #expect(presence.leave(id, delivered: false) == .grace(departure: 1))
        #expect(presence.end(id, succeeded: true, at: .zero) == .memory(departure: 1))
        #expect(!presence.closes(id, after: 1))
        #expect(presence.adopt(asked) == id)
        presence.forget(id, after: 1)
        #expect(presence.leave(id, delivered: false) == .memory(departure: 2))
        presence.forget(id, after: 2)
        #expect(presence.adopt(asked) == nil)
        #expect(presence.leave(id, delivered: false) == .nothing)
    }

    @Test("a call that runs on without its caller is adopted and never closed")
    func goesOn() {
        presence.enter(id, CallKey(asked), .continue)
        #expect(presence.leave(id, delivered: false) == .nothing)
        #expect(presence.adopt(asked) == id)
    }

    @Test("a failure is named once to who repeats it, within its time, and never adopted")
    func failure() {
        let late = JobID.generate(at: Timestamp(milliseconds: 1))
        presence.enter(id, CallKey(asked), .grace)
        #expect(presence.leave(id, delivered: false) == .grace(departure: 1))
        #expect(presence.end(id, succeeded: false, at: .zero) == .nothing)
        #expect(presence.adopt(asked) == nil)
        #expect(presence.failure(asked, at: .seconds(60)) == id)
        #expect(presence.failure(asked, at: .seconds(60)) == nil)
        presence.enter(late, CallKey(asked), .grace)
        #expect(presence.end(late, succeeded: false, at: .zero) == .nothing)
        #expect(presence.failure(asked, at: .seconds(61)) == nil)
    }
}
