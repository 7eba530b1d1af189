import LoopbackProvider
import SluiceProvider
import Synchronization
import Testing

@testable import SluiceCurl

@Suite(.timeLimit(.minutes(1))) struct `An answer that needs room` {
    /// Has room when the test says so.
    private final class Room: AnswerRoom {
        private struct State {
            var isOpen = false
            var asked: [Int] = []
            var again: (@Sendable () -> Void)?
        }

        private let state = Mutex(State())
        private let (waiting, isWaiting) = AsyncStream.makeStream(of: Void.self)

        var asked: [Int] { state.withLock { $0.asked } }

        func take(_ bytes: Int) -> Bool {
            state.withLock { state in
                state.asked.append(bytes)
                return state.isOpen
            }
        }

        func wait(_ again: @escaping @Sendable () -> Void) {
            state.withLock { $0.again = again }
            isWaiting.yield()
        }

        /// Returns when an answer waits.
        func isAskedInVain() async {
            for await _ in waiting { return }
        }

        /// Has the answer that waits ask again.
        func callAgain(isOpen: Bool) {
            let again = state.withLock { state in
                state.isOpen = isOpen
                return state.again.take()
            }
            again?()
        }
    }

    private static func asking(_ room: Room, _ url: String) -> OutgoingCall {
        var outgoing = call(url, body: "{}")
        outgoing.room = room
        return outgoing
    }

    @Test func `rests until there is some, and is whole then`() async throws {
        let text = String(repeating: "x", count: 300_000)
        let provider = try await LoopbackProvider.start { _, _ in .response(200, body: Array(text.utf8)) }
        let (transport, room) = (try CurlTransport(), Room())
        let events = transport.send(Self.asking(room, provider.url))
        async let answer = events.answer()
        await room.isAskedInVain()
        // Asked in vain once more, it rests once more.
        room.callAgain(isOpen: false)
        await room.isAskedInVain()
        room.callAgain(isOpen: true)
        #expect(try await answer.text == text)
        // At once for all that was announced.
        #expect(room.asked == [300_000, 300_000, 300_000])
        // Its connection serves the next.
        _ = try await transport.send(call(provider.url, body: "{}")).answer()
        #expect(provider.requests.map(\.connection) == [0, 0])
    }

    @Test func `asks for what comes where nothing was announced`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .chunked(["one", "three"]) }
        let (transport, room) = (try CurlTransport(), Room())
        room.callAgain(isOpen: true)
        #expect(try await transport.send(Self.asking(room, provider.url)).answer().text == "onethree")
        #expect(room.asked.reduce(0, +) == 8)
    }

    @Test func `is closed when nobody waits for it any more`() async throws {
        let provider = try await LoopbackProvider.start { _, _ in .response(200, body: Array("much".utf8)) }
        let (transport, room) = (try CurlTransport(), Room())
        let outgoing = Self.asking(room, provider.url)
        let reader = Task { await transport.send(outgoing).failure() }
        await room.isAskedInVain()
        reader.cancel()
        #expect(await reader.value?.kind == .cancelled)
        await provider.closed(connection: 0)
        room.callAgain(isOpen: true)
    }

    @Test func `does not use up its time while it rests`() {
        var timeouts = patient
        (timeouts.idle, timeouts.total) = (.nanoseconds(100), .nanoseconds(1000))
        var clock = CallClock(timeouts, now: 0)
        clock.answerMoved(now: 10)
        #expect(clock.deadline == 110)
        clock.rest(now: 20)
        #expect(clock.deadline == .max && clock.overdue(now: 5000) == nil)
        clock.goOn(now: 5020)
        #expect(clock.deadline == 5120)
        clock.answerMoved(now: 5990)
        #expect(clock.deadline == 6000)
        #expect(clock.overdue(now: 6000) == .totalTimeout)
    }
}
