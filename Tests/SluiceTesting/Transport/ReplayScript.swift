package import SluiceProvider

/// What a ``ReplayTransport`` answers to one call.
package struct ReplayScript: Sendable {
    /// One step of an answer.
    package enum Step: Sendable {
        case event(TransportEvent)
        /// Nothing more until ``ReplayTransport/release(_:)``.
        case hold
        /// The answer ends here, with this.
        case fail(TransportError)
    }

    package var steps: [Step]
    /// False for a call that still waits for its connection: given up, it was never sent.
    package var isSent: Bool

    /// Takes the steps as they are; a script without `end` or failure leaves its call open.
    package init(_ steps: [Step], isSent: Bool = true) {
        self.steps = steps
        self.isSent = isSent
    }

    /// A whole answer at once.
    package static func answer(
        status: Int = 200,
        headers: [HeaderField] = [HeaderField("content-type", "application/json")],
        _ body: String
    ) -> ReplayScript {
        ReplayScript([.head(status, headers), .chunk(body), .end])
    }

    /// A stream of server-sent events, one chunk each, `data: ` and the blank line added.
    package static func stream(_ data: [String]) -> ReplayScript {
        let chunks = data.map { Step.chunk("data: \($0)\n\n") }
        return ReplayScript([.head(200, [HeaderField("content-type", "text/event-stream")])] + chunks + [.end])
    }

    /// No answer.
    package static func failure(_ error: TransportError) -> ReplayScript {
        ReplayScript([.fail(error)])
    }

    /// This, after a ``ReplayTransport/release(_:)``.
    package var held: ReplayScript {
        ReplayScript([.hold] + steps)
    }
}

extension ReplayScript.Step {
    package static func head(_ status: Int, _ headers: [HeaderField] = []) -> ReplayScript.Step {
        .event(.head(ResponseHead(status: status, headers: headers)))
    }

    package static func chunk(_ text: String) -> ReplayScript.Step {
        .event(.chunk(Array(text.utf8)))
    }

    package static var end: ReplayScript.Step { .event(.end) }
}
