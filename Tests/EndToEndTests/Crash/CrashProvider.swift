import LoopbackProvider
import Synchronization

/// The provider of the kill loop: it counts the calls for each prompt and answers each with its own text.
final class CrashProvider: Sendable {
    private let counts = Mutex<[Int: Int]>([:])
    private let strangers = Mutex(0)

    /// How often each prompt was asked, by its number.
    var calls: [Int: Int] { counts.withLock { $0 } }
    /// Requests that hold no prompt of the run.
    var strange: Int { strangers.withLock { $0 } }

    /// Starts it; `seed` tells what belongs to each number.
    func start(seed: UInt64) async throws -> LoopbackProvider {
        try await LoopbackProvider.start(remembers: false) { [self] request, _ in
            guard let number = CrashPrompt.number(in: request.body) else {
                strangers.withLock { $0 += 1 }
                return .openAIError(400)
            }
            let prompt = CrashPrompt(seed: seed, number: number)
            let call = counts.withLock { counts in
                counts[number, default: 0] += 1
                return counts[number, default: 0]
            }
            return Self.reply(to: prompt, call: call)
        }
    }

    private static func reply(to prompt: CrashPrompt, call: Int) -> Reply {
        let answer = Reply.chat(text: prompt.answer)
        guard call == 1 else { return answer }
        switch prompt.behaviour {
        case .quick: return answer
        case .slow(let milliseconds): return Reply([.pause(milliseconds)] + answer.steps)
        case .fails: return .openAIError(500, type: "server_error")
        case .closes: return .close
        }
    }
}
