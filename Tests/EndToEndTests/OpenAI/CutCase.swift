import LoopbackProvider
import SluiceJSON
import Testing

/// One way in which a provider's answer is cut, at any byte.
struct CutCase: Sendable, CustomTestStringConvertible {
    var framing: CutAnswer.Framing
    var death: CutAnswer.Death

    var testDescription: String { "\(framing), then \(death)" }

    static let all = CutAnswer.Framing.allCases.flatMap { framing in
        CutAnswer.Death.allCases.map { CutCase(framing: framing, death: $0) }
    }

    /// Whether the end of the connection looks like the end of the answer.
    var looksWhole: Bool { framing == .untilClose && death == .close }

    /// The classes that the job may die of.
    var classes: Set<String> { death == .stall ? ["timeout"] : ["network", "malformedResponse"] }

    /// A stand whose provider cuts the answer at the byte that the model's number says.
    func stand(_ answer: CutAnswer) async throws -> SDKStand {
        // So short that hundreds of stalls are waited for, so long that no machine is slower between two bytes.
        let row = SDKStand.Row(name: "cut", models: "gpt-*", more: #", "idleSeconds": 1, "firstByteSeconds": 10"#)
        return try await SDKStand([row]) { [death] request, _ in
            let model = (try? Document(request.body))?.root[key: "model"]?.string ?? ""
            guard let count = Int(model.dropFirst("gpt-".count)) else { return .openAIError(400) }
            return answer.reply(after: count, then: death)
        }
    }

    /// Runs `check` for every number of bytes, many at once.
    func each(of answer: CutAnswer, _ check: @escaping @Sendable (Int) async throws -> Void) async throws {
        // Without a gateway nobody ends a stall, and a reset may overtake what was sent.
        guard !SDKStand.isDirect || death == .close else { return }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for count in 0...answer.wire.count {
                if count >= 48 { try await group.next() }
                group.addTask { try await check(count) }
            }
            try await group.waitForAll()
        }
    }
}
