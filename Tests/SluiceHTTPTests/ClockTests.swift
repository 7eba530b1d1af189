import Glibc
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import SluiceHTTP

@Suite
struct ClockTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test("A header may take 10 seconds from its first byte")
    func head() {
        var clock = RequestClock(ConnectionLimits())
        #expect(clock.nextCheck(after: start) == nil)
        clock.received(1, at: start)
        clock.received(1, at: start + .seconds(9))
        #expect(clock.nextCheck(after: start) == start + .seconds(10))
        #expect(clock.check(at: start + .milliseconds(9_999)) == .fine)
        #expect(clock.check(at: start + .seconds(10)) == .slowHead)
    }

    /// What the clock says of a body, at each of these seconds, that brings so many bytes each second.
    private func verdicts(_ rate: Int, announced: Int?, at seconds: [Int64]) -> [RequestClock.Verdict] {
        var clock = RequestClock(ConnectionLimits())
        clock.received(1, at: start)
        clock.headEnded(at: start, announced: announced)
        var verdicts: [RequestClock.Verdict] = []
        for second in 1...(seconds.last ?? 1) {
            clock.received(rate, at: start + .seconds(second))
            let verdict = clock.check(at: start + .seconds(second))
            if seconds.contains(second) { verdicts.append(verdict) }
        }
        return verdicts
    }

    @Test("A body may take 30 seconds from the end of the header, and a second more for each 32 KiB")
    func body() {
        #expect(verdicts(2048, announced: 32 << 10, at: [30, 31]) == [.fine, .slowBody])
        #expect(verdicts(2048, announced: 320 << 10, at: [39, 40]) == [.fine, .slowBody])
        // 20 MiB at 300 KB/s, whether it says its length or not.
        #expect(verdicts(300_000, announced: 20 << 20, at: [30, 70]) == [.fine, .fine])
        #expect(verdicts(300_000, announced: nil, at: [30, 70]) == [.fine, .fine])
        // What does not say gets what it has brought.
        #expect(verdicts(2048, announced: nil, at: [31, 32]) == [.fine, .slowBody])
        var clock = RequestClock(ConnectionLimits())
        clock.received(1, at: start)
        clock.headEnded(at: start, announced: 1)
        clock.bodyEnded()
        let later = clock.check(at: start + .seconds(60))
        #expect(later == .fine && clock.nextCheck(after: start) == nil)
    }

    @Test("A body must bring 1 KiB a second over any ten, once it has taken five")
    func rate() {
        #expect(verdicts(0, announced: 1 << 20, at: [5, 14, 15]) == [.fine, .fine, .slowBody])
        #expect(verdicts(1023, announced: 1 << 20, at: [14, 15]) == [.fine, .slowBody])
        #expect(verdicts(1024, announced: 1 << 20, at: [15, 25, 60]) == [.fine, .fine, .fine])
        // One that has been quick may not rest.
        var clock = RequestClock(ConnectionLimits())
        clock.received(1, at: start)
        clock.headEnded(at: start, announced: 20 << 20)
        clock.received(1 << 20, at: start + .seconds(6))
        let verdicts = [15, 25].map { clock.check(at: start + .seconds($0)) }
        #expect(verdicts == [.fine, .slowBody])
    }

    @Test("On the admin socket only our own user and root are trusted")
    func peers() {
        #expect(PeerCheck.isTrusted(0))
        #expect(PeerCheck.isTrusted(UInt32(geteuid())))
        #expect(!PeerCheck.isTrusted(UInt32(geteuid()) + 12_345))
    }

    @Test("Of too many bodies on their way the slowest is cut, one that has just begun never for that alone")
    func uploads() {
        let traffic = Traffic(ConnectionLimits(maxConnections: 8))
        let cut = Mutex<[String]>([])
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
        func upload(_ name: String, after seconds: Int64, _ received: Int) -> Upload {
            Upload(since: start + .seconds(seconds), received: received) { cut.withLock { $0.append(name) } }
        }
        let (quick, slow) = (upload("quick", after: 0, 1 << 20), upload("slow", after: 0, 10_000))
        traffic.begin(quick, at: start)
        traffic.begin(slow, at: start)
        traffic.begin(upload("new", after: 10, 0), at: start + .seconds(10))
        #expect(cut.withLock { $0 } == ["slow"])
        // Its place is free, and taken by the next; what has gone leaves one too.
        slow.note(1 << 30)
        traffic.end(quick)
        traffic.begin(upload("another", after: 10, 0), at: start + .seconds(10))
        #expect(cut.withLock { $0 } == ["slow"])
        traffic.begin(upload("later", after: 20, 0), at: start + .seconds(20))
        #expect(cut.withLock { $0.count } == 2 && !cut.withLock { $0.contains("later") })
    }

    @Test("Connections are counted in all and per address, and loopback only in all")
    func counts() throws {
        let traffic = Traffic(ConnectionLimits(maxConnections: 4, maxConnectionsPerAddress: 2))
        let channels = (0..<7).map { _ in EmbeddedChannel() }
        #expect(traffic.open(channels[0], "192.0.2.1") && traffic.open(channels[1], "192.0.2.1"))
        #expect(!traffic.open(channels[2], "192.0.2.1"))
        #expect(traffic.open(channels[3], nil) && traffic.open(channels[4], "192.0.2.2"))
        #expect(!traffic.open(channels[5], nil))
        traffic.close(channels[0], "192.0.2.1")
        #expect(traffic.open(channels[6], "192.0.2.1"))
        for address in ["127.0.0.1", "127.9.9.9", "::1"] {
            #expect(try SocketAddress(ipAddress: address, port: 1).countedAddress == nil)
        }
        #expect(try SocketAddress(ipAddress: "192.0.2.1", port: 1).countedAddress == "192.0.2.1")
    }
}
