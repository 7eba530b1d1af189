import SluiceJSON
import SluiceProvider
import SluiceTypes

extension MessagesRendering {
    // MARK: Reading

    /// What a body asks for; its `model` and `stream` are the caller's to read.
    static func request(_ body: JSONValue) -> HubRequest {
        var members = MemberTaker(body, dialect)
        members.drop("model")
        members.drop("stream")
        var turns: [HubTurn] = []
        if let system = members.take("system", .string, .array) {
            turns.append(HubTurn(.system, parts(system), isPreamble: true))
        }
        turns += members.array("messages")?.elements.map(turn) ?? []
        var request = HubRequest(turns)
        request.tools = members.array("tools").map { $0.elements.map(tool) } ?? []
        if let choice = members.object("tool_choice") { readChoice(choice, &request) }
        request.maxOutput = members.any("max_tokens").map { HubLimit($0) }
        if let stop = body[key: "stop_sequences"], stop.elements.allSatisfy({ $0.kind == .string }) {
            request.stop = members.array("stop_sequences")?.elements.compactMap { SpelledText($0) } ?? []
        }
        request.sampling.temperature = members.any("temperature")
        request.sampling.topP = members.any("top_p")
        request.sampling.topK = members.any("top_k")
        var output = MemberTaker(members.object("output_config"), dialect)
        request.effort = output.text("effort")
        if let format = output.object("format") {
            request.format = self.format(format)
            if request.format == nil {
                let whole = HubMember(dialect, parent: "output_config", "format", SpelledJSON(format))
                request.members.append(whole)
            }
        }
        request.members += output.left(in: "output_config") + members.left()
        return request
    }

    private static func tool(_ value: JSONValue) -> HubToolEntry {
        var members = MemberTaker(value, dialect)
        let type = members.take("type", .string)?.string ?? "custom"
        guard type == "custom", !members.has("type"), let name = members.text("name") else {
            return .other(HubForeign(dialect, SpelledJSON(value)))
        }
        var tool = HubTool(
            name: name,
            description: members.text("description"),
            input: .function(schema: members.object("input_schema").map { SpelledJSON($0) }),
            isStrict: members.boolean("strict")
        )
        tool.cache = members.cache()
        tool.members = members.left()
        return .tool(tool)
    }

    private static func readChoice(_ value: JSONValue, _ request: inout HubRequest) {
        var members = MemberTaker(value, dialect)
        let type = members.take("type", .string)?.string
        let name = members.text("name")
        request.parallel = members.boolean("disable_parallel_tool_use").map { !$0 }
        switch (type, name) {
        case ("auto", nil) where members.isEmpty: request.choice = .auto
        case ("none", nil) where members.isEmpty: request.choice = HubChoice.none
        case ("any", nil) where members.isEmpty: request.choice = .required
        case ("tool", let name?) where members.isEmpty: request.choice = .tool(HubChoice.Named(.function, name))
        default:
            request.parallel = nil
            request.choice = .other(HubForeign(dialect, SpelledJSON(value)))
        }
    }

    private static func format(_ value: JSONValue) -> HubFormat? {
        guard value.members.count == 2, value[key: "type"]?.string == "json_schema", let schema = value[key: "schema"]
        else { return nil }
        return .schema(HubFormat.Schema(SpelledJSON(schema)))
    }

    // MARK: Writing

    /// The body that asks for `request`; `maximum` is the `max_tokens` of one that says nothing, which the format demands.
    ///
    /// Parts and members of other dialects are left out.
    static func body(of request: HubRequest, model: String, stream: Bool, maximum: Int) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { body in
                body.member("model", model)
                if stream { body.member("stream", true) }
                body.member("max_tokens", request.maxOutput?.tokens ?? SpelledJSON(maximum))
                let preamble = request.turns.filter(\.isPreamble)
                if !preamble.isEmpty {
                    body.key("system")
                    write(preamble.flatMap(\.parts), to: &body)
                }
                if !request.members.has(own: "messages", of: dialect) {
                    body.member(
                        "messages",
                        array: { messages in
                            for turn in request.turns where !turn.isPreamble { write(turn, to: &messages) }
                        }
                    )
                }
                writeTools(of: request, to: &body)
                if !request.stop.isEmpty {
                    body.member("stop_sequences", array: { stop in for text in request.stop { stop.value(text) } })
                }
                body.memberIfPresent("temperature", request.sampling.temperature)
                body.memberIfPresent("top_p", request.sampling.topP)
                body.memberIfPresent("top_k", request.sampling.topK)
                writeOutput(of: request, to: &body)
                body.rest(request.members, of: dialect)
            }
        }
    }

    private static func writeTools(of request: HubRequest, to body: inout JSONWriter) {
        if !request.tools.isEmpty {
            body.member("tools", array: { tools in for entry in request.tools { write(entry, to: &tools) } })
        }
        if case .other(let foreign)? = request.choice { return body.member("tool_choice", foreign, of: dialect) }
        guard request.choice != nil || request.parallel != nil else { return }
        body.member(
            "tool_choice",
            object: { choice in
                switch request.choice {
                case .auto?, .allowed(_, isRequired: false)?, .other?, nil: choice.member("type", "auto")
                case HubChoice.none?: choice.member("type", "none")
                case .required?, .allowed(_, isRequired: true)?: choice.member("type", "any")
                case .tool(let named)?:
                    choice.member("type", "tool")
                    choice.member("name", named.name)
                }
                choice.memberIfPresent("disable_parallel_tool_use", request.parallel.map { !$0 })
            }
        )
    }

    private static func write(_ entry: HubToolEntry, to tools: inout JSONWriter) {
        switch entry {
        case .other(let foreign):
            if foreign.dialect == dialect { tools.value(foreign.value) }
        case .tool(let tool):
            // A tool that takes free text has no word here: who translates makes it a function first.
            guard case .function(let schema) = tool.input else { return }
            tools.object { writer in
                writer.member("name", tool.name)
                writer.memberIfPresent("description", tool.description)
                writer.memberIfPresent("input_schema", schema)
                writer.memberIfPresent("strict", tool.isStrict)
                writer.member("cache_control", tool.cache, of: dialect)
                writer.rest(tool.members, of: dialect)
            }
        }
    }

    private static func writeOutput(of request: HubRequest, to body: inout JSONWriter) {
        let name = "output_config"
        var schema: SpelledJSON?
        if case .schema(let format)? = request.format { schema = format.schema }
        guard request.effort != nil || schema != nil || request.members.has(name, of: dialect) else { return }
        body.member(
            name,
            object: { output in
                output.memberIfPresent("effort", request.effort)
                if let schema {
                    output.member(
                        "format",
                        object: { format in
                            format.member("type", "json_schema")
                            format.member("schema", schema)
                        }
                    )
                }
                output.rest(request.members, of: dialect, in: name)
            }
        )
    }
}
