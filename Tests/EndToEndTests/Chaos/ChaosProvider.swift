import LoopbackProvider
import SluiceJSON
import SluiceTesting
import Synchronization

/// The provider of one row: it answers as its mood is, goes away and comes back, and notes each request that it has read.
final class ChaosProvider: Sendable {
    let row: ChaosRow
    let port: Int
    private let seed: UInt64
    private let weather: ChaosWeather
    private let book: ChaosBook
    private let loopback: Mutex<LoopbackProvider?>

    private init(_ row: ChaosRow, port: Int, seed: UInt64, _ weather: ChaosWeather, _ book: ChaosBook) {
        self.row = row
        self.port = port
        self.seed = seed
        self.weather = weather
        self.book = book
        loopback = Mutex(nil)
    }

    /// Starts it at `port`, where it comes back each time.
    static func start(
        _ row: ChaosRow,
        port: Int,
        seed: UInt64,
        _ weather: ChaosWeather,
        _ book: ChaosBook
    ) async throws -> ChaosProvider {
        let provider = ChaosProvider(row, port: port, seed: seed, weather, book)
        try await provider.come()
        return provider
    }

    /// Is away when its weather says so; returns when it stays.
    func run() async throws {
        for absence in weather.absences {
            try await book.sleep(until: absence.lowerBound)
            await leave()
            try await book.sleep(until: absence.upperBound)
            try await come()
        }
    }

    /// Goes, and takes its connections with it.
    func leave() async {
        await loopback.withLock { $0.take() }?.leave()
    }

    private func come() async throws {
        let loopback = try await LoopbackProvider.start(port: port, remembers: false) { [self] request, _ in
            reply(to: request)
        }
        self.loopback.withLock { $0 = loopback }
    }

    // MARK: Answers

    private func reply(to request: RecordedRequest) -> Reply {
        guard let number = CrashPrompt.number(in: request.body),
            let key = row.keys.firstIndex(where: { request["Authorization"] == "Bearer \($0)" })
        else {
            book.note(
                .wrong,
                0,
                "row \(row.rawValue) was asked what nobody had sent, or with a key that is not its own"
            )
            return .openAIError(400)
        }
        let now = book.now
        let prompt = ChaosPrompt(seed: seed, number: number)
        let isStream = (try? Document(request.body))?.root[key: "stream"]?.boolean == true
        let mood = weather.mood(at: now)
        var (reply, outcome) = answer(to: prompt, isStream, key: key, mood)
        var pause = Duration.zero
        let isLeaving = { (moment: Duration) in self.weather.mood(at: moment + ChaosWeather.notice) == .away }
        if mood == .away || isLeaving(now) { (reply, outcome) = (.close, .cut(begun: false)) }
        if case .slow(let milliseconds) = mood, outcome == .answered, !isLeaving(now + .milliseconds(milliseconds)) {
            pause = .milliseconds(milliseconds)
            reply = Reply([.pause(milliseconds)] + reply.steps)
        }
        if reply.isSilent { pause = .seconds(ChaosRow.firstByte) }
        book.note(ChaosCall(prompt: number, row: row, at: now, until: now + pause, outcome: outcome))
        return reply
    }

    private func answer(
        to prompt: ChaosPrompt,
        _ isStream: Bool,
        key: Int,
        _ mood: ChaosMood
    ) -> (Reply, ChaosCall.Outcome) {
        if let poison = prompt.poison { return poison.reply }
        let pieces = [String(prompt.answer.prefix(10)), String(prompt.answer.dropFirst(10))]
        let whole = isStream ? Reply.chatStream(pieces) : .chat(text: prompt.answer)
        switch mood {
        case .well, .slow, .away: return (whole, .answered)
        case .limited(let seconds):
            let headers = seconds.map { [("Retry-After", String($0))] } ?? []
            return (.openAIError(429, type: "requests", code: "rate_limit_exceeded", headers: headers), .refused(429))
        case .failing(let status): return (.openAIError(status, type: "server_error"), .failed(status))
        case .hanging: return (.silence, .cut(begun: false))
        case .refusing(let refused):
            guard refused == key else { return (whole, .answered) }
            return (.openAIError(401, message: "Incorrect API key provided.", code: "invalid_api_key"), .refused(401))
        case .lying: return isStream ? Self.lie(pieces, prompt.number) : Self.lie(prompt.answer, prompt.number)
        }
    }

    /// A plain answer that is none; which one, the prompt's number says.
    private static func lie(_ text: String, _ number: Int) -> (Reply, ChaosCall.Outcome) {
        let body = #"{"id":"chatcmpl-1","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"}}]}"#
        let lies: [Reply] = [
            .close, .reset, .garbage(), .response(text: ""), .response(text: String(body.dropLast(9))),
            .response(headers: [("Content-Type", "text/html")], text: "<!doctype html><p>Sign in.</p>"),
            .truncated(length: body.utf8.count + 20, text: body),
        ]
        return (lies[number % lies.count], .cut(begun: false))
    }

    /// A stream that is not whole.
    private static func lie(_ pieces: [String], _ number: Int) -> (Reply, ChaosCall.Outcome) {
        let chunks = Reply.chatChunks(pieces).dropLast().map { "data: \($0)\n\n" }
        let lies: [(Reply, ChaosCall.Outcome)] = [
            (.close, .cut(begun: false)), (.truncatedChunks(Array(chunks.prefix(1))), .cut(begun: false)),
            (.truncatedChunks(Array(chunks.prefix(2))), .cut(begun: true)), (.resetAfter(chunks), .cut(begun: true)),
            // It ends in order, and the model has not said that it has finished.
            (.chunked(chunks), .cut(begun: true)),
        ]
        return lies[number % lies.count]
    }
}

extension Reply {
    /// Whether nothing of it is ever sent.
    fileprivate var isSilent: Bool {
        if case .stall? = steps.first { true } else { false }
    }
}
