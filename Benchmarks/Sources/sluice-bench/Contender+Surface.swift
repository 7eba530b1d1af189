import BenchLoad
import BenchMachine
import BenchUpstream

extension Contender {
    /// A call of a surface in its own words, for one object or for a stream.
    func request(_ surface: Surface, isStream: Bool, tools: Int = 0) -> [UInt8] {
        Request.call(surface, port: port, token: token, isStream: isStream, tools: tools)
    }

    /// Calls in a closed loop, each of which has to get the upstream's object.
    func call(
        _ surface: Surface,
        connections: Int,
        seconds: Double,
        count: Int = .max
    ) throws(BenchFault) -> Load.Tally {
        let request = request(surface, isStream: false)
        let object = Canned.object(of: surface)
        return try load(connections).call(request, expecting: object, seconds: seconds, count: count)
    }

    /// Streams at a fixed rate, each of which has to be whole.
    func stream(
        _ surface: Surface,
        tools: Int,
        perSecond: Double,
        count: Int,
        connections: Int = 128
    ) throws(BenchFault) -> Paced {
        let request = request(surface, isStream: true, tools: tools)
        let expected = Expectation.events(Canned.eventCount, of: surface)
        return try load(connections).paced(request, count: count, perSecond: perSecond, expecting: expected)
    }
}
