import SluiceJSON

/// Sends requests over one connection, life after life of the gateway.
///
/// Its calls block.
final class CrashCaller {
    /// No life of the gateway is left to ask.
    struct NobodyLeft: Error {}

    private let port: Int
    private let tokens: [String]
    private let stage: CrashStage
    private var connection: RawConnection?
    /// The last life that is known to be over.
    private var broken = 0
    /// The life of the last request.
    private(set) var life = 0

    /// The tokens are those of the owners 0 and 1, and of one who owns nothing.
    init(port: Int, tokens: [String], stage: CrashStage) {
        self.port = port
        self.tokens = tokens
        self.stage = stage
    }

    /// Sends a request to the life that serves, or to the next one; nil when no answer came.
    ///
    /// With `mayBreakOff` an answer comes back, too, whose body was not ended.
    ///
    /// - Throws: ``NobodyLeft``.
    func send(
        _ method: String,
        _ path: String,
        as owner: Int,
        headers: [(String, String)] = [],
        body: String? = nil,
        mayBreakOff: Bool = false
    ) throws -> Answer? {
        guard let now = stage.life(after: broken) else { throw NobodyLeft() }
        if now != life { connection = nil }
        life = now
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(tokens[owner])\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        do {
            let connection = try self.connection ?? RawConnection(port: port)
            self.connection = connection
            connection.send(Array("\(head)\r\n\(body ?? "")".utf8))
            let answer = try connection.answer(mayBreakOff: mayBreakOff)
            if answer["Connection"]?.lowercased() == "close" || answer.isCut { self.connection = nil }
            return answer
        } catch {
            giveUp()
            return nil
        }
    }

    /// Nothing more is asked of this life.
    func giveUp() {
        connection = nil
        broken = life
    }
}
