import BenchLoad
import BenchMachine
import Foundation
import Histogram
import Testing

@testable import BenchUpstream

/// The upstream and the loads, against each other.
@Suite struct UpstreamServerTests {
    /// Started once, on a thread that ends with the tests' process.
    private static let port: UInt16 = {
        let found = Channel()
        Thread.detachNewThread {
            guard var server = try? UpstreamServer(gapMilliseconds: 1) else { return found.put(0) }
            found.put(server.port)
            try? server.run()
        }
        return found.take()
    }()

    private static func load(_ connections: Int) -> Load {
        Load(port: port, token: "none", connections: connections)
    }

    @Test func aClosedLoopGetsTheObject() throws {
        let request = Request.chat(port: Self.port, token: "none", .whole)
        let tally = try Self.load(4).call(request, expecting: Canned.object(of: .chat), seconds: 60, count: 400)
        #expect(tally.sent == 400)
    }

    @Test func anotherObjectIsAFault() {
        let request = Request.chat(port: Self.port, token: "none", .whole)
        #expect(throws: BenchFault.self) {
            try Self.load(1).call(request, expecting: Array("{}".utf8), seconds: 60, count: 1)
        }
    }

    @Test func streamsAtAFixedRateAreWhole() throws {
        let request = Request.chat(port: Self.port, token: "none", .stream)
        let events = Expectation.events(Canned.eventCount)
        let paced = try Self.load(64).paced(request, count: 100, perSecond: 1_000, expecting: events)
        #expect(paced.answers == 100)
        #expect(paced.first.totalCount == 100 && paced.whole.totalCount == 100)
    }

    /// With one connection and all moments in the past, each request waits for those before it, and its latency says so.
    @Test func aRequestThatHadToWaitCountsTheWait() throws {
        let request = Request.chat(port: Self.port, token: "none", .stream)
        let events = Expectation.events(Canned.eventCount)
        let paced = try Self.load(1).paced(request, count: 5, perSecond: 1e9, expecting: events)
        // A stream takes 19 gaps of a millisecond.
        #expect(paced.first.maxRecorded >= 4 * 19_000)
    }

    @Test func heldStreamsEndWhenTold() throws {
        let request = Request.chat(port: Self.port, token: "none", .held)
        var open = try OpenStreams.open(Self.load(50), request)
        let answer = try Self.load(1).status(Request.release(port: Self.port))
        #expect(answer.code == 200)
        try open.finish(events: Canned.eventCount)
    }

    @Test func theFirstReasoningSaysWhenItWasWritten() throws {
        let request = Request.chat(port: Self.port, token: "none", .reasoning)
        let events = Expectation.stampedEvents(Canned.reasoningEventCount)
        let paced = try Self.load(8).paced(request, count: 20, perSecond: 1_000, expecting: events)
        #expect(paced.answers == 20 && paced.underWay.totalCount == 20)
        // The silence before it is no part of its way, but of the caller's whole time.
        #expect(paced.whole.valueAtPercentile(1) >= 99_000)
        #expect(paced.underWay.maxRecorded < paced.whole.maxRecorded)
    }

    @Test func aStreamThatDoesNotSayWhenIsNotRight() {
        let request = Request.chat(port: Self.port, token: "none", .stream)
        let events = Expectation.stampedEvents(Canned.eventCount)
        #expect(throws: BenchFault.self) {
            try Self.load(1).paced(request, count: 1, perSecond: 1_000, expecting: events)
        }
    }

    @Test(arguments: Surface.allCases) func eachSurfaceGetsItsObject(_ surface: Surface) throws {
        let request = Request.call(surface, port: Self.port, token: "none", isStream: false)
        let tally = try Self.load(2).call(request, expecting: Canned.object(of: surface), seconds: 60, count: 20)
        #expect(tally.sent == 20)
    }

    @Test(arguments: Surface.allCases, [0, 40]) func eachSurfaceGetsItsStream(_ surface: Surface, _ tools: Int) throws {
        let request = Request.call(surface, port: Self.port, token: "none", isStream: true, tools: tools)
        let events = Expectation.events(Canned.eventCount, of: surface)
        let paced = try Self.load(8).paced(request, count: 20, perSecond: 1_000, expecting: events)
        #expect(paced.answers == 20)
    }

    @Test func aStreamOfAnotherSurfaceIsNotRight() {
        let request = Request.call(.messages, port: Self.port, token: "none", isStream: true)
        let events = Expectation.events(Canned.eventCount, of: .responses)
        #expect(throws: BenchFault.self) {
            try Self.load(1).paced(request, count: 1, perSecond: 1_000, expecting: events)
        }
    }

    @Test func anotherRouteIsNotServed() throws {
        let request = Request.prompt(port: Self.port, token: "none", model: "bench", delaySeconds: nil)
        #expect(try Self.load(1).status(request).code == 404)
    }
}

/// Hands one value from a thread to another.
private final class Channel: @unchecked Sendable {
    // Unchecked, since the condition guards the value.
    private let condition = NSCondition()
    private var value: UInt16?

    func put(_ value: UInt16) {
        condition.lock()
        self.value = value
        condition.signal()
        condition.unlock()
    }

    func take() -> UInt16 {
        condition.lock()
        defer { condition.unlock() }
        while value == nil { condition.wait() }
        return value ?? 0
    }
}
