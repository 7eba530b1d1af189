import BenchMachine
import Testing

@Suite struct StampTests {
    private static func event(_ moment: UInt64) -> [UInt8] {
        Array("data: {\"delta\":{\(Stamp.member)".utf8) + Stamp.digits(of: moment) + Array("\"}}\n\n".utf8)
    }

    @Test(arguments: [0, 1, 42, 1_764_000_000_000_000_000, UInt64.max])
    func aMomentIsReadAsItWasWritten(moment: UInt64) {
        #expect(Stamp.digits(of: moment).count == Stamp.width)
        #expect(Stamp.first(in: Self.event(moment)) == moment)
    }

    @Test func theFirstOfSeveralIsReadOnceItIsWhole() {
        let (first, all) = (Self.event(7), Self.event(7) + Self.event(8))
        let whole = first.count - "\"}}\n\n".utf8.count
        for cut in 0...all.count {
            #expect(Stamp.first(in: Array(all[..<cut])) == (cut < whole ? nil : 7))
        }
    }

    @Test func whatIsNoMomentIsNone() {
        #expect(Stamp.first(in: Array("{\(Stamp.member)hm, let me think about that\"}".utf8)) == nil)
    }
}
