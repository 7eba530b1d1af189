import BenchMachine
import Foundation
import Testing

@testable import BenchUpstream

@Suite struct CannedTests {
    @Test(arguments: Surface.allCases) func anObjectIsJSONOfLikeSize(_ surface: Surface) throws {
        let object = Canned.object(of: surface)
        _ = try #require(try JSONSerialization.jsonObject(with: Data(object)) as? [String: Any])
        #expect((380...660).contains(object.count))
    }

    /// Each event of a stream is JSON and calls itself what its line does; all streams are written in as many pieces.
    @Test(arguments: Surface.allCases) func aStreamHasItsEvents(_ surface: Surface) throws {
        let pieces = Canned().pieces(of: .words(surface))
        #expect(pieces.count == Canned.eventCount + 1)
        let lines = String(decoding: pieces.joined(), as: UTF8.self).split(whereSeparator: \.isNewline)
        let events = lines.filter { $0.hasPrefix("data: {") }
        #expect(events.count == Canned.eventCount)
        let names = try events.map { line in
            let event = try JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8)) as? [String: Any]
            return try #require(event)["type"] as? String
        }
        let said = lines.filter { $0.hasPrefix("event: ") }.map { String($0.dropFirst(7)) }
        #expect(said == names.compactMap { $0 })
        #expect(lines.contains(Substring(surface.streamEnd)))
        #expect((2_500...9_000).contains(pieces.joined().count))
    }
}
