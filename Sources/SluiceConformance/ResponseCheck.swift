import SluiceProvider

/// Feeds one response to the adapter, whole, chopped and cut.
struct ResponseCheck {
    let source: any AdapterSource
    let files: FixtureFolder
    let name: String

    private var file: String { FixtureName.path(name, .response) }

    func run(_ report: inout Conformance.Report) async {
        report.fixtures += 1
        do throws(FixtureFault) {
            let response = try ResponseFixture(files.bytes(file))
            let wanted = try EventsFixture(files.json(FixtureName.path(name, .events)), body: response.body)
            let request = try RequestFixture(files.json(FixtureName.path(wanted.request ?? name, .request)))
            guard case .pure(let exchange) = try await request.open(source).reading(for: request.ask) else {
                throw FixtureFault("is read elsewhere, and can't be played here")
            }
            let player = Player(exchange: exchange, response: response)
            let whole = player.play([response.body], isEnded: true)
            let difference = EventComparison.difference(whole.events, wanted.events)
            report.check(difference == nil, FixtureName.path(name, .events), difference ?? "")
            checkChoppings(player, whole, &report)
            checkCuts(player, whole, &report)
        } catch {
            report.fail(file, error.message)
        }
    }

    /// Two pieces at every boundary, and byte by byte; one report of each, since one cause breaks many.
    private func checkChoppings(_ player: Player, _ whole: Play, _ report: inout Conformance.Report) {
        let body = player.response.body
        let broken = (0...body.count).first { cut in
            report.checks += 1
            return player.play([Array(body[..<cut]), Array(body[cut...])], isEnded: true) != whole
        }
        if let broken {
            let events = player.play([Array(body[..<broken]), Array(body[broken...])], isEnded: true).text
            report.fail(
                file,
                "chopped after byte \(broken) it gives other events:\n\(events)\nthan whole:\n\(whole.text)"
            )
        }
        let bytes = player.play(body.map { [$0] } + [[]], isEnded: true)
        report.check(
            bytes == whole,
            file,
            "byte by byte it gives other events:\n\(bytes.text)\nthan whole:\n\(whole.text)"
        )
    }

    /// A success must vanish with its last byte, and a clean end must not make one out of half an answer.
    private func checkCuts(_ player: Player, _ whole: Play, _ report: inout Conformance.Report) {
        let body = player.response.body
        guard whole.isSuccess, let last = body.lastIndex(where: { $0 > 0x20 }) else { return }
        for cut in 0...last {
            let part = player.play([Array(body[..<cut])], isEnded: false)
            report.checks += 1
            guard !part.isSuccess else {
                return report.fail(file, "cut after byte \(cut), before its end, it is still a success:\n\(part.text)")
            }
        }
        for cut in 0...last {
            let part = player.play([Array(body[..<cut])], isEnded: true)
            report.checks += 1
            guard !part.isSuccess || part.answer == whole.answer else {
                return report.fail(
                    file,
                    "ended after byte \(cut), it is a success with another answer:\n\(part.text)\nthan:\n\(whole.text)"
                )
            }
        }
    }
}

/// Plays a response as the gateway would.
struct Player {
    /// Before it has read anything.
    let exchange: any Exchange
    let response: ResponseFixture

    /// The events of these pieces of the body; `isEnded` tells of a clean end behind the last.
    ///
    /// After an error nothing more is asked.
    func play(_ pieces: [[UInt8]], isEnded: Bool) -> Play {
        var exchange = exchange
        var play = Play(isEnded: isEnded)
        play.add(exchange.begin(response.head))
        for (place, piece) in pieces.enumerated() where !play.hasFailed {
            play.add(exchange.feed(piece, last: isEnded && place == pieces.count - 1))
        }
        return play
    }
}

/// The events of one play.
struct Play: Equatable {
    let isEnded: Bool
    private(set) var events: [ReplyEvent] = []

    init(isEnded: Bool) {
        self.isEnded = isEnded
    }

    mutating func add(_ more: [ReplyEvent]) {
        events = EventComparison.merged(events + more)
    }

    var hasFailed: Bool {
        events.contains { if case .error = $0 { true } else { false } }
    }

    /// The gateway's rule: a finish, and either the stream's own end or the transport's clean one.
    var isSuccess: Bool {
        let isFinished = events.contains { if case .finish = $0 { true } else { false } }
        return isFinished && !hasFailed && (isEnded || hasTerminal)
    }

    private var hasTerminal: Bool {
        events.contains { if case .terminal = $0 { true } else { false } }
    }

    /// What the caller gets: the text and the reason of its end.
    var answer: [String] {
        let text = events.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        return [text] + events.compactMap { if case .finish(let reason, _) = $0 { reason } else { nil } }
    }

    /// The events, a line each.
    var text: String { events.map { "  \($0.line)" }.joined(separator: "\n") }
}
