import BenchLoad
import BenchMachine
import BenchUpstream
import Glibc

/// Something that answers chat completions: a gateway, nginx before the upstream, or the upstream itself.
struct Contender {
    let name: String
    let port: UInt16
    let token: String
    let process: pid_t

    func load(_ connections: Int) -> Load {
        Load(port: port, token: token, connections: connections)
    }

    func chat(_ manner: Request.Manner) -> [UInt8] {
        Request.chat(port: port, token: token, manner)
    }

    /// Nanoseconds of CPU that it has used.
    func cpu() throws(BenchFault) -> UInt64 {
        guard let cpu = Nanoseconds.cpu(of: process) else { throw BenchFault("\(name) is gone.") }
        return cpu
    }

    /// Microseconds of its CPU that a piece of work takes.
    func cpu<Answer>(of work: () throws(BenchFault) -> Answer) throws(BenchFault) -> (Double, Answer) {
        let start = try cpu()
        let answer = try work()
        return (Double(try cpu() - start) / 1e3, answer)
    }

    /// Calls in a closed loop, each of which has to get the upstream's object.
    func call(connections: Int, seconds: Double, count: Int = .max) throws(BenchFault) -> Load.Tally {
        try load(connections).call(chat(.whole), expecting: Canned.object(of: .chat), seconds: seconds, count: count)
    }

    /// Calls at a fixed rate.
    func call(perSecond: Double, seconds: Double, connections: Int = 64) throws(BenchFault) -> Paced {
        let count = max(1, Int(perSecond * seconds))
        let expected = Expectation.body(length: Canned.object(of: .chat).count)
        return try load(connections).paced(chat(.whole), count: count, perSecond: perSecond, expecting: expected)
    }

    /// Streams that reason at a fixed rate, each of which has to be whole and to say when its reasoning was written.
    func reason(perSecond: Double, count: Int, connections: Int = 128) throws(BenchFault) -> Paced {
        let expected = Expectation.stampedEvents(Canned.reasoningEventCount)
        return try load(connections).paced(chat(.reasoning), count: count, perSecond: perSecond, expecting: expected)
    }

    /// Streams at a fixed rate, each of which has to be whole.
    func stream(perSecond: Double, count: Int, connections: Int = 128) throws(BenchFault) -> Paced {
        let expected = Expectation.events(Canned.eventCount)
        return try load(connections).paced(chat(.stream), count: count, perSecond: perSecond, expecting: expected)
    }
}
