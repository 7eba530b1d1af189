import LoopbackProvider
import SluiceJSON
import SluiceTesting
import SluiceTypes
import Synchronization

/// A provider that keeps its own account: each call has a number, by which its tokens are known.
final class BillProvider: Sendable {
    /// A call that it answered, and would charge for.
    struct Charge: Sendable {
        /// The number in the prompt that it was asked for.
        var prompt: Int
        var usage: Usage
        /// Nano-USD, by the prices that ``BillProvider/prices(_:)`` tells: $1.25 and $10 for a million tokens read and written.
        var cost: Int64 { usage.promptTokens * 1250 + usage.completionTokens * 10_000 }
    }

    /// What a row of the providers file says of its prices.
    static func prices(_ models: String) -> String {
        #","prices":{"\#(models)":{"input":1.25,"output":10,"maxOutput":500}}"#
    }

    private struct State {
        var calls = 0
        var charges: [Int: Charge] = [:]
    }

    private let state = Mutex(State())

    /// How often it was asked.
    var calls: Int { state.withLock { $0.calls } }
    /// What it charges for, by the number of the call.
    var charges: [Int: Charge] { state.withLock { $0.charges } }

    /// Starts it.
    func start() async throws -> LoopbackProvider {
        try await LoopbackProvider.start(remembers: false) { [self] request, _ in
            guard let prompt = CrashPrompt.number(in: request.body), let root = (try? Document(request.body))?.root
            else { return .openAIError(400) }
            let call = state.withLock { state in
                state.calls += 1
                return state.calls
            }
            guard call % 20 != 7 else { return .openAIError(500, type: "server_error") }
            let usage = Self.usage(of: call, isEmbedding: request.path.hasSuffix("/embeddings"))
            state.withLock { $0.charges[call] = Charge(prompt: prompt, usage: usage) }
            let answer = Self.answer(request.path, call, usage, isStream: root[key: "stream"]?.boolean == true)
            return call % 5 == 3 ? Reply([.pause(call % 60)] + answer.steps) : answer
        }
    }

    private static func usage(of call: Int, isEmbedding: Bool) -> Usage {
        // No more tokens than the shortest prompt has bytes, and no more than the requests that say so allow.
        let (prompt, completion) = (Int64(10 + call % 17), isEmbedding ? 0 : Int64(1 + call % 59))
        return Usage(promptTokens: prompt, completionTokens: completion)
    }

    /// The answer of a call, which tells its number.
    private static func answer(_ path: String, _ call: Int, _ usage: Usage, isStream: Bool) -> Reply {
        let id = "call-\(call)"
        let counts = (input: Int(usage.promptTokens), output: Int(usage.completionTokens))
        if let format = ChatFormat(path: path) {
            return .answer(format, ["call-", String(call)], id: id, usage: counts, isStream: isStream)
        }
        let tokens =
            #""usage":{"prompt_tokens":\#(counts.input),"completion_tokens":\#(counts.output),"#
            + #""total_tokens":\#(counts.input + counts.output)}}"#
        let head = #"{"id":"\#(id)","model":"m","#
        if path.hasSuffix("/embeddings") {
            let data = #""object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"#
            return .response(text: head + data + tokens)
        }
        return .response(text: head + #""choices":[{"index":0,"text":"yes","finish_reason":"stop"}],"# + tokens)
    }
}
