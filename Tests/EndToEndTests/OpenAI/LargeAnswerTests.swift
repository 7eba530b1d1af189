import Foundation
import LoopbackProvider
import SluiceJSON
import Testing

@Suite("Large plain answers", .timeLimit(.minutes(3)))
struct LargeAnswerTests {
    private static let bound = 64 << 20
    /// What SQLite keeps of the file (`cache_size`), and as much again for all else.
    private static let besides = 128 << 20

    @Test("come to all who wait for them, and stay within --max-memory, announced or not", arguments: [true, false])
    func bounded(isAnnounced: Bool) async throws {
        let text = String(repeating: "x", count: 4 << 20)
        let gate = Gate()
        let stand = try await SDKStand(arguments: ["--max-memory", "64MiB"]) { _, _ in
            let body = #"{"choices":[{"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}]}"#
            return .hold(until: gate, then: isAnnounced ? .response(200, body: Array(body.utf8)) : .chunked([body]))
        }
        let gateway = try stand.needGateway()
        let idle = try Self.peak(of: gateway)
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<24 {
                group.addTask {
                    let body = SDKStand.chat("gpt-\(number)", isStream: false)
                    let answer = try await gateway.send("POST", "/v1/chat/completions", token: stand.token, body: body)
                    return answer.status == 200 ? answer.text.utf8.count : answer.status
                }
            }
            // All of them are under way before any is answered.
            _ = await stand.provider.requests(atLeast: 24)
            gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0 > text.utf8.count })
        #expect(stand.provider.requests.count == 24)
        // Together they would have taken 24 times 16 MiB and more.
        #expect(try Self.peak(of: gateway) - idle <= Self.bound + Self.besides)
    }

    /// The most memory that the gateway's process ever had, in bytes (proc_pid_status(5)).
    private static func peak(of gateway: Gateway) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(gateway.process.pid)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) << 10
    }
}
