import Foundation
import Glibc
import SluiceJSON

/// A running gateway: the built program, on a free port, with a data directory of its own.
final class Gateway: Sendable {
    let process: Command
    let home: Home
    let port: Int
    /// The seconds between its start and its readiness.
    let startTime: Duration

    private init(process: Command, home: Home, port: Int, startTime: Duration) {
        self.process = process
        self.home = home
        self.port = port
        self.startTime = startTime
    }

    /// Starts one and waits until it says that it is ready.
    static func start(
        in home: Home,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        under tool: [String] = []
    ) async throws -> Gateway {
        let clock = ContinuousClock()
        let start = clock.now
        let own = ["serve", "--port", "0", "--data", home.data, "--providers", home.providers, "--log-level", "debug"]
        let line = tool + [Command.sluice] + own + arguments
        let process = try Command(Array(line.dropFirst()), program: line[0], environment: environment)
        guard let ready = await process.says("is ready on"),
            let port = ready.split(separator: ":").last.flatMap({ Int($0) })
        else {
            throw HarnessError("the gateway ended with \(await process.ended()) and said: \(process.errors.text)")
        }
        return Gateway(process: process, home: home, port: port, startTime: clock.now - start)
    }

    /// What it wrote, to both of its outputs.
    var log: String { process.output.text + "\n" + process.errors.text }

    /// Asks it to stop and returns its exit code.
    func stop(_ signal: Int32 = SIGTERM) async -> Int32 {
        process.signal(signal)
        return await process.ended()
    }

    // MARK: Requests

    /// Sends one request on a connection of its own.
    func send(
        _ method: String,
        _ path: String,
        token: String? = nil,
        headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> Answer {
        var fields = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
        if let token { fields["Authorization"] = "Bearer \(token)" }
        if let body {
            fields["Content-Length"] = String(body.utf8.count)
            fields["Content-Type"] = "application/json"
        }
        fields.merge(headers) { $1 }
        let lines = fields.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\r\n" }.joined()
        return try await send(raw: Array("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n\(body ?? "")".utf8))
    }

    /// Sends these bytes on a connection of its own and reads one answer.
    func send(raw bytes: [UInt8]) async throws -> Answer {
        let port = port
        return try await Blocking.run {
            let connection = try RawConnection(port: port)
            connection.send(bytes)
            return try connection.answer()
        }
    }

    /// Sends a prompt and returns its id.
    func prompt(
        _ text: String = "Hello",
        model: String = "stub-echo",
        token: String,
        _ more: String = "",
        headers: [String: String] = [:]
    ) async throws -> String {
        let body = #"{"type":"chat","model":"\#(model)","prompt":"\#(text)"\#(more)}"#
        let answer = try await send("POST", "/v1/prompts", token: token, headers: headers, body: body)
        guard answer.status == 202, let id = try answer.json()[key: "id"]?.string else {
            throw HarnessError("the prompt was refused with \(answer.status): \(answer.text)")
        }
        return id
    }

    /// The record of a prompt as it stands.
    func record(_ id: String, token: String) async throws -> JSONValue {
        try await send("GET", "/v1/prompts/\(id)", token: token).json()
    }

    /// The record of a prompt once it has ended.
    func end(of id: String, token: String) async throws -> JSONValue {
        while true {
            try Task.checkCancellation()
            let answer = try await send("GET", "/v1/prompts/\(id)", token: token, headers: ["Prefer": "wait=60"])
            guard answer.status == 200 || answer.status == 202 else {
                throw HarnessError("the record was refused with \(answer.status): \(answer.text)")
            }
            let record = try answer.json()
            if let status = record[key: "status"]?.string, status != "queued", status != "running" { return record }
        }
    }

    /// Makes an API token with the program's own command.
    func token(_ name: String = "test", _ more: String...) async throws -> String {
        try await home.token(name, more)
    }
}
