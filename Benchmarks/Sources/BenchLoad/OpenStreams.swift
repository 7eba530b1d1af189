package import BenchMachine

/// Streams that are open at the same time, one on each of the load's connections.
package struct OpenStreams: ~Copyable {
    private var poller: Poller
    private var replies: [Reply]
    private let count: Int
    /// So many may wait for their first event at the same time: opening is not what is measured.
    private static let opening = 32

    /// Opens them, and waits until each has had an event.
    ///
    /// - Throws: `BenchFault` when a server does not answer one within 30 s, or not with a stream.
    package static func open(_ load: Load, _ request: [UInt8]) throws(BenchFault) -> OpenStreams {
        var streams = OpenStreams(try Poller(port: load.port, connections: load.connections), load.connections)
        try streams.begin(request)
        return streams
    }

    private init(_ poller: consuming Poller, _ count: Int) {
        self.poller = poller
        self.count = count
        replies = [Reply](repeating: Reply(), count: count)
    }

    private mutating func begin(_ request: [UInt8]) throws(BenchFault) {
        var sent = 0
        var begun = 0
        while begun < count {
            while sent < count, sent - begun < Self.opening {
                try poller.send(request, sent, at: Nanoseconds.now())
                sent += 1
            }
            try receive { before, after in
                if before.events == 0, after.events > 0 { begun += 1 }
                return !after.isComplete
            }
        }
    }

    /// Waits until all have ended.
    ///
    /// - Parameter events: How many events each has to have had, besides `[DONE]`.
    /// - Throws: `BenchFault` when one has ended otherwise.
    package mutating func finish(events: Int) throws(BenchFault) {
        var ended = 0
        let expectation = Expectation.events(events)
        while ended < count {
            try receive { _, after in
                guard after.isComplete else { return true }
                ended += 1
                return expectation.isMet(by: after)
            }
        }
    }

    /// - Parameter isRight: Looks at a stream before and after what came.
    /// - Throws: `BenchFault` when one is not right.
    private mutating func receive(_ isRight: (Reply, Reply) -> Bool) throws(BenchFault) {
        for index in 0..<(try poller.wait(seconds: 30)) {
            guard let connection = poller.ready(index), try poller.receivePiece(connection) else { continue }
            let before = replies[connection]
            let buffer = poller.buffers[connection]
            try replies[connection].feed(buffer.span.extracting(0..<poller.filled[connection]))
            guard isRight(before, replies[connection]) else { throw replies[connection].fault }
        }
    }
}
