import NIOCore

/// What the two guards of one connection know together.
///
/// It lives on the connection's event loop.
final class Connection {
    let limits: ConnectionLimits
    /// The surface that a path belongs to.
    let surface: (_ path: Substring) -> APISurface
    let crossOrigin: CrossOrigin
    /// The web page from which the request that is being read comes, once its header is whole; nil for none.
    var origin: String?
    /// The target of the request that is being read, once its header is whole.
    var target: String?
    /// The beginning of its request line, for as long as it is not.
    var lineStart = ByteBuffer()
    var clock: RequestClock
    /// Requests that were handed on and whose answers are not finished.
    var pending = 0
    /// True once the answer to the oldest of them has begun.
    var isAnswering = false
    /// The answer that is being given is the last, whatever else was asked.
    var closesAfterAnswer = false
    /// No request is taken after the pending ones.
    var closesWhenDone = false
    /// A refusal whose turn has not come, and how many requests may be pending when it does.
    var queued: (refusal: Refusal, surface: APISurface, turn: Int)?
    /// True from the moment we have said our last word.
    private(set) var isClosing = false
    /// Tells further in that the request being read will not be completed; set by the request's guard.
    var cutRequest: (() -> Void)?
    /// Sends a refusal and closes; set by the guard at the connection's edge.
    var close: ((_ refusal: (Refusal, APISurface)?) -> Void)?
    /// Closes once all that was written is out; set by the guard at the connection's edge.
    var closeWhenFlushed: (() -> Void)?

    init(
        _ limits: ConnectionLimits,
        _ crossOrigin: CrossOrigin,
        surface: @escaping (_ path: Substring) -> APISurface
    ) {
        self.crossOrigin = crossOrigin
        self.limits = limits
        self.surface = surface
        clock = RequestClock(limits)
    }

    /// Refuses the request that is being read, when the answers before it are out.
    func refuse(_ refusal: Refusal) {
        guard !isClosing, queued == nil else { return }
        let surface = surface((target ?? targetInLine).prefix { $0 != "?" })
        // A request whose body is being read was handed on, and is the newest of the pending ones.
        let turn = clock.isReadingBody ? 1 : 0
        if turn == 1 { cutRequest?() }
        if pending > turn {
            queued = (refusal, surface, turn)
        } else if pending == 1, isAnswering {
            closesAfterAnswer = true
        } else {
            end(with: (refusal, surface))
        }
    }

    /// True while the last request that this connection takes is whole and not yet answered.
    var hasLastRequest: Bool { closesWhenDone && pending > 0 && !clock.isReadingBody && !clock.isReadingHead }

    /// The target as far as it has come.
    private var targetInLine: String {
        let line = lineStart.readableBytesView.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        return words.count > 1 ? String(decoding: words[1], as: UTF8.self) : ""
    }

    /// Notes a finished answer and says whether it was the last.
    func answered() {
        pending -= 1
        isAnswering = false
        if closesAfterAnswer || (closesWhenDone && pending == 0) {
            end(with: nil)
        } else if let queued, pending <= queued.turn {
            end(with: (queued.refusal, queued.surface))
        }
    }

    /// Ends as soon as what was asked is answered, since others wait.
    func makeRoom() {
        if pending > 0 { closesWhenDone = true } else { end(with: nil) }
    }

    /// The answer that is being given has no end, and nothing is said after it.
    func breakOff() {
        guard !isClosing else { return }
        isClosing = true
        closeWhenFlushed?()
    }

    private func end(with refusal: (Refusal, APISurface)?) {
        guard !isClosing else { return }
        isClosing = true
        close?(refusal)
    }
}
