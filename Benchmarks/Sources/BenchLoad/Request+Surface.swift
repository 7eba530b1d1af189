package import BenchMachine

extension Request {
    /// `POST` of a chat to one of the surfaces, with a body of about 1 KB, and with 1 KB more for each tool.
    ///
    /// - Parameters:
    ///   - surface: whose path, whose words, and whose place for the token.
    ///   - port: where it goes on 127.0.0.1.
    ///   - token: the caller's.
    ///   - isStream: whether the answer is to be a stream, usage included.
    ///   - tools: how many tools the model may call.
    /// - Returns: the request's bytes.
    package static func call(
        _ surface: Surface,
        port: UInt16,
        token: String,
        isStream: Bool,
        tools: Int = 0
    ) -> [UInt8] {
        let credential =
            switch surface {
            case .chat, .responses: "Authorization: Bearer \(token)"
            case .messages: "x-api-key: \(token)\r\nanthropic-version: 2023-06-01"
            }
        let body =
            "{\"model\":\"\(surface.model)\",\(question(surface))\(list(surface, tools))\(ending(surface, isStream))}"
        let head =
            "POST \(surface.path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(credential)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        return Array((head + body).utf8)
    }

    /// What is asked.
    private static func question(_ surface: Surface) -> String {
        let system = "You are the best chef in the world"
        let text = String(repeating: "What is a recipe for a tiramisu? ", count: 26)
        let message = #"{"role":"user","content":"\#(text)"}"#
        return switch surface {
        case .chat: #""messages":[{"role":"system","content":"\#(system)"},\#(message)]"#
        case .messages: #""system":"\#(system)","messages":[\#(message)]"#
        case .responses: #""instructions":"\#(system)","input":[\#(message)]"#
        }
    }

    /// How it is to be answered.
    private static func ending(_ surface: Surface, _ isStream: Bool) -> String {
        let stream = isStream ? #","stream":true"# : ""
        return switch surface {
        case .chat:
            #","temperature":0.7,"max_tokens":1000\#(stream)"#
                + (isStream ? #","stream_options":{"include_usage":true}"# : "")
        case .messages: #","temperature":0.7,"max_tokens":1000\#(stream)"#
        case .responses: #","temperature":0.7,"max_output_tokens":1000\#(stream)"#
        }
    }

    private static func list(_ surface: Surface, _ count: Int) -> String {
        guard count > 0 else { return "" }
        return #","tools":[\#((0..<count).map { tool(surface, $0) }.joined(separator: ","))]"#
    }

    /// A tool of about 1 KB, as a coding agent describes one.
    private static func tool(_ surface: Surface, _ number: Int) -> String {
        let purpose = String(repeating: "Reads a file of the project, and says what is not there. ", count: 8)
        let words = #""name":"tool_\#(number)","description":"\#(purpose)""#
        let members = ["path", "pattern", "first_line", "last_line"].map {
            #""\#($0)":{"type":"string","description":"Where it is looked for, relative to the root of the project's directory"}"#
        }
        let schema =
            #"{"type":"object","properties":{\#(members.joined(separator: ","))},"required":["path"],"additionalProperties":false}"#
        return switch surface {
        case .chat: #"{"type":"function","function":{\#(words),"parameters":\#(schema)}}"#
        case .messages: #"{\#(words),"input_schema":\#(schema)}"#
        case .responses: #"{"type":"function",\#(words),"parameters":\#(schema),"strict":false}"#
        }
    }
}
