import Foundation
import LoopbackProvider
import SluiceJSON
import Synchronization

/// A gateway with two rows, of which the first is asked first: its provider answers each call by a case that was reported, the
/// second one's is well.
final class CaseStand: Sendable {
    /// The models that the second row serves as well.
    static let shared = "gpt-shared"
    /// The model that the first row serves alone.
    static let alone = "gpt-alone"
    /// The same, of a row whose provider never says why its streams stop.
    static let marked = "gpt-marked"

    let first: LoopbackProvider
    let second: LoopbackProvider
    let gateway: Gateway
    let token: String

    /// Starts one whose first provider answers by `reply`, which is told whether a stream was asked for.
    init(_ reply: @escaping @Sendable (_ isStream: Bool) -> Reply) async throws {
        first = try await LoopbackProvider.start { request, _ in reply(Self.isStream(request)) }
        second = try await LoopbackProvider.start { request, _ in
            Self.isStream(request) ? .chatStream(["Good"]) : .chat(text: "Good")
        }
        let rows = [
            Self.row("first", first, [Self.shared, Self.alone], #","priority":0"#),
            Self.row("marked", first, [Self.marked], #","finish":"mark""#),
            Self.row("second", second, [Self.shared], #","priority":1"#),
        ]
        let home = try Home(#"{"version": 1, "providers": [\#(rows.joined(separator: ",\n"))]}"#)
        gateway = try await Gateway.start(in: home, environment: ["LOOPBACK_KEY": UpstreamTests.key])
        token = try await gateway.token()
    }

    private static func isStream(_ request: RecordedRequest) -> Bool {
        (try? Document(request.body).root[key: "stream"]?.boolean) == true
    }

    private static func row(_ name: String, _ provider: LoopbackProvider, _ models: [String], _ more: String) -> String
    {
        let names = models.map { "\"\($0)\"" }.joined(separator: ",")
        return #"{"name":"\#(name)","adapter":"openai-chat","type":"chat","models":[\#(names)],"#
            + #""baseURL":"\#(provider.url)/v1","credential":{"env":"LOOPBACK_KEY"}\#(more)}"#
    }

    /// Makes a call and reads its answer, which has an end if it is whole.
    func call(_ model: String, stream: Bool, _ more: String = "") async throws -> Answer {
        let body =
            #"{"model":"\#(model)","messages":[{"role":"user","content":"Hello"}],"stream":\#(stream)\#(more)}"#
        let (port, token) = (gateway.port, token)
        let answer = try await Blocking.run {
            let connection = try RawConnection(port: port)
            connection.send(
                Array(
                    ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\n"
                        + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8
                )
            )
            return try connection.answer(mayBreakOff: true)
        }
        let isBroken = answer.status == 200 && stream && answer.events.last != "[DONE]"
        guard answer.isCut == isBroken else { throw HarnessError("its end is not that of a stream: \(answer.text)") }
        return answer
    }

    /// The stored job of a call, once it has ended.
    func record(of answer: Answer) async throws -> JSONValue {
        guard let id = answer["x-sluice-job"] else { throw HarnessError("no job: \(answer.text)") }
        return try await gateway.end(of: id, token: token)
    }

    /// How many calls each provider has got.
    var calls: [Int] { [first.requests.count, second.requests.count] }
}

extension Answer {
    /// The data of a stream's events.
    var events: [String] {
        text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: ") }.map {
            String($0.dropFirst("data: ".count))
        }
    }

    /// What a stream's chunks say.
    var said: String {
        get throws {
            try events.filter { $0 != "[DONE]" }.map { event in
                let choices = try Document(Array(event.utf8)).root[key: "choices"]
                return choices?[0]?[key: "delta"]?[key: "content"]?.string ?? ""
            }.joined()
        }
    }
}
