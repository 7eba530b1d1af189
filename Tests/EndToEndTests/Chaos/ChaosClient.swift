import Foundation
import SluiceJSON
import SluiceTesting

/// One caller of the chaos: prompts for the queue, calls and streams, one after the other, as its dice say.
///
/// Its calls block.
final class ChaosClient {
    private let number: Int
    private let seed: UInt64
    private let port: Int
    private let token: String
    private let book: ChaosBook
    private var dice: SeededRandom
    private var connection: RawConnection?
    private var sent = 0

    /// More open jobs of one owner than this are not added to.
    private static let mostOpen = 40

    init(number: Int, seed: UInt64, port: Int, token: String, book: ChaosBook) {
        self.number = number
        self.seed = seed
        self.port = port
        self.token = token
        self.book = book
        dice = SeededRandom(seed: seed &+ UInt64(number) &* 0x1234_5678_9abc_def1)
    }

    /// Goes on until `end`.
    func run(until end: Duration) {
        do {
            while book.now < end {
                try act()
                Thread.sleep(forTimeInterval: Double.random(in: 0.01...0.25, using: &dice))
            }
        } catch {
            book.note(.wrong, 0, "client \(number) was left without an answer: \(error)")
        }
    }

    private func act() throws {
        sent += 1
        let prompt = ChaosPrompt(seed: seed, number: number * ChaosPrompt.perClient + sent)
        guard prompt.way == .queue else {
            return try prompt.leavesAfter.map { try leave(prompt, after: $0) } ?? call(prompt)
        }
        let open = book.open(of: prompt.owner)
        if open.count >= ChaosClient.mostOpen, let oldest = open.oldest {
            _ = try read(oldest, of: prompt.owner, waiting: 1)
        } else {
            try post(prompt)
        }
    }

    // MARK: Errands

    private func post(_ prompt: ChaosPrompt) throws {
        let (path, body) = prompt.request
        let headers = prompt.isKeyed ? ["Idempotency-Key": "key-\(prompt.number)"] : [:]
        let answer = try send("POST", path, headers: headers, body: body)
        guard answer.status == 202, let id = try answer.json()[key: "id"]?.string else {
            return book.note(.wrong, prompt.number, "it was refused with \(answer.status): \(answer.text)")
        }
        book.acknowledge(prompt, id: id)
        // Hardly taken it can't have let its key go: that takes a claim and an end that costs nothing.
        guard prompt.isKeyed, prompt.tries > 1, !prompt.isPoisoners, dice.chance(30) else { return }
        let again = try send("POST", path, headers: headers, body: body)
        let other = again.status == 202 ? try again.json()[key: "id"]?.string : nil
        if other != id {
            book.note(.wrong, prompt.number, "sent again it is \(other ?? again.text), and was job \(id)")
        }
    }

    private func call(_ prompt: ChaosPrompt) throws {
        let (path, body) = prompt.request
        let start = book.now
        let answer = try send("POST", path, body: body)
        book.note(ChaosAnswer(to: prompt, answer, at: start, until: book.now))
    }

    /// Asks, and hangs up.
    private func leave(_ prompt: ChaosPrompt, after milliseconds: Int) throws {
        let (path, body) = prompt.request
        let own = try RawConnection(port: port)
        own.send(request("POST", path, [:], body))
        Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
        withExtendedLifetime(own) {}
    }

    /// Waits for the end of a job, so many seconds at most; true when it has come.
    func read(_ id: String, of owner: Int, waiting seconds: Int) throws -> Bool {
        let answer = try send("GET", "/v1/prompts/\(id)", headers: ["Prefer": "wait=\(seconds)"])
        let end = answer.status < 300 ? ChaosEnd(try answer.json()) : nil
        if let end, !end.isOver { return false }
        // Where it is not found, nobody waits for it; the list will tell.
        book.close(id, of: owner)
        return true
    }

    /// Each job of the owner, as it stands.
    func list() throws -> [String: ChaosEnd] {
        var ends: [String: ChaosEnd] = [:]
        var after = ""
        while true {
            let answer = try send("GET", "/v1/prompts?limit=100\(after)")
            let json = try answer.json()
            guard answer.status == 200, let prompts = json[key: "prompts"] else {
                throw HarnessError("the list was refused with \(answer.status): \(answer.text)")
            }
            for record in prompts.elements {
                guard let id = record[key: "id"]?.string, let end = ChaosEnd(record) else {
                    throw HarnessError("the list holds what is no record")
                }
                ends[id] = end
            }
            guard let next = json[key: "next"]?.string else { return ends }
            after = "&after=\(next)"
        }
    }

    func attempts(of id: String) throws -> [ChaosJob.Attempt] {
        let answer = try send("GET", "/v1/prompts/\(id)/attempts")
        guard answer.status == 200 else { return [] }
        return ChaosJob.Attempt.list(try answer.json(), moment: book.moment)
    }

    // MARK: The wire

    private func send(
        _ method: String,
        _ path: String,
        headers: [String: String] = [:],
        body: String? = nil
    ) throws -> Answer {
        let connection = try self.connection ?? RawConnection(port: port)
        connection.send(request(method, path, headers, body))
        let answer = try connection.answer(mayBreakOff: true)
        self.connection = answer["Connection"]?.lowercased() == "close" || answer.isCut ? nil : connection
        return answer
    }

    private func request(_ method: String, _ path: String, _ headers: [String: String], _ body: String?) -> [UInt8] {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Bearer \(token)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        return Array("\(head)\r\n\(body ?? "")".utf8)
    }
}
