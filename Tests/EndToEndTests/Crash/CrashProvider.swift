import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Synchronization

/// The provider of the kill loop: it counts the calls for each prompt and answers each with its own text, in the format of the path that it
/// was asked at.
final class CrashProvider: Sendable {
    /// With what the ids begin that it gives.
    private static let idPrefix = "up-"

    private let counts = Mutex<[Int: Int]>([:])
    private let strangers = Mutex(0)

    /// How often each prompt was asked, by its number.
    var calls: [Int: Int] { counts.withLock { $0 } }
    /// Requests that hold no prompt of the run.
    var strange: Int { strangers.withLock { $0 } }

    /// Starts it; `seed` tells what belongs to each number.
    func start(seed: UInt64) async throws -> LoopbackProvider {
        try await LoopbackProvider.start(remembers: false) { [self] request, _ in
            // What a caller deletes is deleted here too.
            if request.method == "DELETE", request.path.contains("/responses/\(Self.idPrefix)") {
                return .response(text: #"{"object":"response","deleted":true}"#)
            }
            guard let number = CrashPrompt.number(in: request.body), let format = ChatFormat(path: request.path) else {
                strangers.withLock { $0 += 1 }
                return .openAIError(400)
            }
            let prompt = CrashPrompt(seed: seed, number: number)
            let call = counts.withLock { counts in
                counts[number, default: 0] += 1
                return counts[number, default: 0]
            }
            let isStream = (try? Document(request.body))?.root[key: "stream"]?.boolean == true
            return Self.reply(to: prompt, call: call, format, isStream: isStream)
        }
    }

    private static func reply(to prompt: CrashPrompt, call: Int, _ format: ChatFormat, isStream: Bool) -> Reply {
        func answer(pause: Int = 0) -> Reply {
            .answer(format, prompt.pieces, id: "\(idPrefix)\(prompt.number)-\(call)", isStream: isStream, pause: pause)
        }
        guard call == 1 else { return answer() }
        switch prompt.behaviour {
        case .quick: return answer()
        // A stream takes as long as a whole answer does.
        case .slow(let milliseconds): return answer(pause: isStream ? max(1, milliseconds / 8) : milliseconds)
        case .fails: return .openAIError(500, type: "server_error")
        case .closes: return .close
        }
    }
}
