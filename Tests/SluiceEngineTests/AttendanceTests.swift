import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("Who waits for a call")
struct AttendanceTests {
    private let attendance = Attendance(memory: .seconds(60))
    private let id = JobID.generate(at: Timestamp(milliseconds: 0))
    private let asked: [UInt8] = [1]

    @Test("whoever leaves a call that may be closed closes it, and who leaves with the answer does not")
    func cancel() {
        attendance.enter(id, asked, .cancel)
        #expect(attendance.leave(id, delivered: false) == .close)
        attendance.enter(id, asked, .cancel)
        #expect(attendance.end(id, succeeded: true, at: .zero) == .nothing)
        #expect(attendance.leave(id, delivered: false) == .nothing)
        #expect(attendance.leave(id, delivered: true) == .nothing)
        #expect(attendance.adopt(asked) == nil)
    }

    @Test("a call is closed only when the last of its callers has left")
    func last() {
        attendance.enter(id, asked, .cancel)
        attendance.join(id)
        #expect(attendance.leave(id, delivered: false) == .nothing)
        #expect(attendance.leave(id, delivered: false) == .close)
    }

    @Test("a grace counts from the last departure, and is void once somebody has come")
    func grace() {
        attendance.enter(id, asked, .grace)
        #expect(attendance.leave(id, delivered: false) == .grace(departure: 1))
        #expect(attendance.closes(id, after: 1))
        #expect(attendance.adopt(asked) == id)
        #expect(!attendance.closes(id, after: 1))
        #expect(attendance.leave(id, delivered: false) == .grace(departure: 2))
        #expect(!attendance.closes(id, after: 1))
        #expect(attendance.closes(id, after: 2))
        attendance.join(id)
        #expect(!attendance.closes(id, after: 2))
        #expect(attendance.adopt(asked) == nil)
    }

    @Test("an answer that nobody came for is remembered for its time and then forgotten")
    func memory() {
        attendance.enter(id, asked, .grace)
        #expect(attendance.leave(id, delivered: false) == .grace(departure: 1))
        #expect(attendance.end(id, succeeded: true, at: .zero) == .memory(departure: 1))
        #expect(!attendance.closes(id, after: 1))
        #expect(attendance.adopt(asked) == id)
        attendance.forget(id, after: 1)
        #expect(attendance.leave(id, delivered: false) == .memory(departure: 2))
        attendance.forget(id, after: 2)
        #expect(attendance.adopt(asked) == nil)
        #expect(attendance.leave(id, delivered: false) == .nothing)
    }

    @Test("a call that runs on without its caller is adopted and never closed")
    func goesOn() {
        attendance.enter(id, asked, .continue)
        #expect(attendance.leave(id, delivered: false) == .nothing)
        #expect(attendance.adopt(asked) == id)
    }

    @Test("a failure is named once to who repeats it, within its time, and never adopted")
    func failure() {
        let late = JobID.generate(at: Timestamp(milliseconds: 1))
        attendance.enter(id, asked, .grace)
        #expect(attendance.leave(id, delivered: false) == .grace(departure: 1))
        #expect(attendance.end(id, succeeded: false, at: .zero) == .nothing)
        #expect(attendance.adopt(asked) == nil)
        #expect(attendance.failure(asked, at: .seconds(60)) == id)
        #expect(attendance.failure(asked, at: .seconds(60)) == nil)
        attendance.enter(late, asked, .grace)
        #expect(attendance.end(late, succeeded: false, at: .zero) == .nothing)
        #expect(attendance.failure(asked, at: .seconds(61)) == nil)
    }
}
