import SluiceStore
import SluiceTesting
import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("The agenda")
struct AgendaTests {
    private static func group(_ route: String, _ lane: Lane = .bulk) -> JobGroup {
        JobGroup(lane: lane, operation: .chat, route: route)
    }

    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    /// What is noted one after the other, for one group; whether each was news, and the moment that stands in the end.
    private struct Notes: Sendable, CustomTestStringConvertible {
        var notes: [Int64]
        var news: [Bool]
        var dueAt: Int64

        var testDescription: String { "\(notes)" }
    }

    @Test(
        "remembers the earliest moment of a group, and says when that is news",
        arguments: [
            Notes(notes: [5], news: [true], dueAt: 5),
            Notes(notes: [5, 5], news: [true, false], dueAt: 5),
            Notes(notes: [5, 9], news: [true, false], dueAt: 5),
            Notes(notes: [5, 3], news: [true, true], dueAt: 3),
            Notes(notes: [5, 3, 4], news: [true, true, false], dueAt: 3),
        ]
    )
    private func note(_ notes: Notes) {
        var agenda = Agenda()
        let news = notes.notes.map { agenda.note(Self.group("m"), dueAt: Self.at($0)) }
        #expect(news == notes.news)
        #expect(agenda.nextDue(after: Self.at(0)) == Self.at(notes.dueAt))
    }

    /// What stands on it, and what is taken at a moment.
    private struct Taking: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var groups: [(route: String, lane: Lane, dueAt: Int64)]
        var now: Int64
        var taken: [String]
        var next: Int64?
    }

    @Test(
        "gives the groups that are due, interactive ones first, then by time, each once",
        arguments: [
            Taking(testDescription: "nothing", groups: [], now: 5, taken: [], next: nil),
            Taking(testDescription: "at its moment", groups: [("a", .bulk, 5)], now: 5, taken: ["a"], next: nil),
            Taking(testDescription: "before its moment", groups: [("a", .bulk, 6)], now: 5, taken: [], next: 6),
            Taking(
                testDescription: "some, by time",
                groups: [("a", .bulk, 3), ("b", .bulk, 1), ("c", .bulk, 9), ("d", .bulk, 7)],
                now: 5,
                taken: ["b", "a"],
                next: 7
            ),
            Taking(
                testDescription: "a later interactive one",
                groups: [("a", .bulk, 1), ("b", .interactive, 4), ("c", .interactive, 3)],
                now: 5,
                taken: ["c", "b", "a"],
                next: nil
            ),
        ]
    )
    private func take(_ taking: Taking) {
        var agenda = Agenda()
        for (route, lane, dueAt) in taking.groups { agenda.note(Self.group(route, lane), dueAt: Self.at(dueAt)) }
        let now = Self.at(taking.now)
        #expect(agenda.hasDue(at: now) == !taking.taken.isEmpty)
        #expect(agenda.nextDue(after: now) == taking.next.map(Self.at))
        let due = agenda.due(at: now)
        #expect(due.map(\.group.route) == taking.taken)
        for state in due { same(agenda.take(state.group, at: now), state) }
        for state in due { same(agenda.take(state.group, at: now), nil) }
        #expect(!agenda.hasDue(at: now) && agenda.due(at: now).isEmpty)
        #expect(agenda.nextDue(after: now) == taking.next.map(Self.at))
    }

    @Test("takes a group back that was taken")
    func back() {
        var agenda = Agenda()
        agenda.note(Self.group("m"), dueAt: Self.at(1))
        for state in agenda.due(at: Self.at(1)) {
            _ = agenda.take(state.group, at: Self.at(1))
            // As news, though it is later than what was taken.
            let isNews = agenda.note(state.group, dueAt: Self.at(4))
            #expect(isNews)
        }
        #expect(agenda.nextDue(after: Self.at(1)) == Self.at(4))
    }

    @Test("remembers for a moment who had nothing due, group by group")
    func idle() {
        var agenda = Agenda()
        #expect(agenda.idle(Self.group("g"), at: .zero) == nil)
        agenda.noteIdle(Self.group("g"), [.a], at: .seconds(1))
        agenda.noteIdle(Self.group("g"), [.b], at: .seconds(1))
        #expect(agenda.idle(Self.group("g"), at: .seconds(1))?.owners == [.a, .b])
        #expect(agenda.idle(Self.group("g"), at: .milliseconds(1200))?.left == .milliseconds(50))
        #expect(agenda.idle(Self.group("g"), at: .milliseconds(1250)) == nil)
        #expect(agenda.idle(Self.group("h"), at: .seconds(1)) == nil)
    }

    @Test("knows of whom alone jobs are due, until others' are, or somebody comes")
    func closed() {
        var agenda = Agenda()
        agenda.note(Self.group("g"), dueAt: Self.at(1))
        agenda.noteClosed(Self.group("g"), to: [.a], until: Self.at(9))
        #expect(agenda.closed(Self.group("g"), at: Self.at(8)).owners == [.a])
        #expect(agenda.closed(Self.group("g"), at: Self.at(9)).owners == [])
        #expect(agenda.nextDue(after: Self.at(1)) == Self.at(9))
        // Whoever comes may be somebody else, though the group is down already.
        same(agenda.note(Self.group("g"), dueAt: Self.at(5)), true)
        #expect(agenda.closed(Self.group("g"), at: Self.at(5)).owners == [])
        agenda.noteClosed(Self.group("g"), to: [.a], until: nil)
        #expect(agenda.closed(Self.group("g"), at: Self.at(99)).owners == [.a])
        agenda.forgetClosed()
        #expect(agenda.closed(Self.group("g"), at: Self.at(5)).owners == [])
    }
}
