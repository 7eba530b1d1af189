import Glibc
import NIOCore
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

    @Test("A body may take 30 seconds from the end of the header")
    func body() {
        var clock = RequestClock(ConnectionLimits())
        clock.received(1, at: start)
        clock.headEnded(at: start)
        clock.received(1 << 20, at: start + .seconds(1))
        #expect(clock.check(at: start + .milliseconds(29_999)) == .fine)
        #expect(clock.check(at: start + .seconds(30)) == .slowBody)
        clock.bodyEnded()
        #expect(clock.check(at: start + .seconds(60)) == .fine)
        #expect(clock.nextCheck(after: start) == nil)
    }

    @Test("A body must bring 1 KiB a second, once it has taken five")
    func rate() {
        var clock = RequestClock(ConnectionLimits())
        clock.received(1, at: start)
        clock.headEnded(at: start)
        #expect(clock.check(at: start + .milliseconds(4_999)) == .fine)
        #expect(clock.check(at: start + .seconds(5)) == .slowBody)
        clock.received(6 * 1024, at: start + .seconds(4))
        #expect(clock.check(at: start + .seconds(6)) == .fine)
        #expect(clock.check(at: start + .seconds(7)) == .slowBody)
    }

    @Test("On the admin socket only our own user and root are trusted")
    func peers() {
        #expect(PeerCheck.isTrusted(0))
        #expect(PeerCheck.isTrusted(UInt32(geteuid())))
        #expect(!PeerCheck.isTrusted(UInt32(geteuid()) + 12_345))
    }

    @Test("Connections are counted in all and per address, and loopback only in all")
    func counts() throws {
        let traffic = Traffic(ConnectionLimits(maxConnections: 4, maxConnectionsPerAddress: 2))
        #expect(traffic.open("192.0.2.1") && traffic.open("192.0.2.1"))
        #expect(!traffic.open("192.0.2.1"))
        #expect(traffic.open(nil) && traffic.open("192.0.2.2"))
        #expect(!traffic.open(nil))
        traffic.close("192.0.2.1")
        #expect(traffic.open("192.0.2.1"))
        for address in ["127.0.0.1", "127.9.9.9", "::1"] {
            #expect(try SocketAddress(ipAddress: address, port: 1).countedAddress == nil)
        }
        #expect(try SocketAddress(ipAddress: "192.0.2.1", port: 1).countedAddress == "192.0.2.1")
    }
}
