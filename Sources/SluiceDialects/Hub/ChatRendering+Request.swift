import SluiceJSON
import SluiceProvider
import SluiceTypes

extension ChatRendering {
    // MARK: Reading

    /// What a body asks for; its `model` and `stream` are the caller's to read.
    static func request(_ body: JSONValue) -> HubRequest {
        var members = MemberTaker(body, dialect)
        members.drop("model")
        members.drop("stream")
        var request = HubRequest(members.array("messages").map { turns($0.elements) } ?? [])
        request.tools = members.array("tools").map { $0.elements.map(tool) } ?? []
        if let choice = members.take("tool_choice", .string, .object) { request.choice = self.choice(choice) }
        request.parallel = members.boolean("parallel_tool_calls")
        if let format = body[key: "response_format"].flatMap(format) {
            request.format = format
            members.drop("response_format")
        }
        if let tokens = members.number("max_completion_tokens") {
            request.maxOutput = HubLimit(tokens, countsReasoning: true)
        } else {
            request.maxOutput = members.number("max_tokens").map { HubLimit($0) }
        }
        if let stop = body[key: "stop"].flatMap(texts) {
            request.stop = stop
            members.drop("stop")
        }
        request.sampling.temperature = members.any("temperature")
        request.sampling.topP = members.any("top_p")
        request.sampling.topK = members.any("top_k")
        request.sampling.frequencyPenalty = members.any("frequency_penalty")
        request.sampling.presencePenalty = members.any("presence_penalty")
        request.sampling.seed = members.any("seed")
        request.effort = members.text("reasoning_effort")
        request.n = members.any("n")
        request.members = members.left()
        return request
    }

    /// A string, or an array of nothing but strings.
    private static func texts(_ value: JSONValue) -> [SpelledText]? {
        if let text = SpelledText(value) { return [text] }
        let texts = value.elements.compactMap { SpelledText($0) }
        return texts.isEmpty || texts.count < value.elements.count ? nil : texts
    }

    private static func tool(_ value: JSONValue) -> HubToolEntry {
        let other = HubToolEntry.other(HubForeign(dialect, SpelledJSON(value)))
        var outer = MemberTaker(value, dialect)
        guard let type = outer.take("type", .string)?.string, let inner = outer.object(type) else { return other }
        var members = MemberTaker(inner, dialect)
        guard let name = members.text("name") else { return other }
        var tool = HubTool(name: name, description: members.text("description"), input: .custom(nil))
        switch type {
        case "function":
            tool.input = .function(schema: members.object("parameters").map { SpelledJSON($0) })
            tool.isStrict = members.boolean("strict")
        case "custom":
            if let format = members.object("format") {
                guard let grammar = grammar(format) else { return other }
                tool.input = .custom(grammar)
            }
        default: return other
        }
        tool.cache = outer.cache()
        tool.members = outer.left() + members.left(in: type)
        return .tool(tool)
    }

    private static func grammar(_ format: JSONValue) -> HubGrammar? {
        var members = MemberTaker(format, dialect)
        let type = members.take("type", .string)?.string
        let inner = members.object("grammar")
        guard members.isEmpty else { return nil }
        if type == "text", inner == nil { return .text }
        var definition = MemberTaker(inner, dialect)
        guard type == "grammar", let syntax = definition.text("syntax"), let text = definition.text("definition"),
            definition.isEmpty
        else { return nil }
        return .grammar(syntax: syntax, definition: text)
    }

    private static func choice(_ value: JSONValue) -> HubChoice {
        let other = HubChoice.other(HubForeign(dialect, SpelledJSON(value)))
        if let word = value.string {
            return switch word {
            case "auto": .auto
            case "none": .none
            case "required": .required
            default: other
            }
        }
        if let named = named(value) { return .tool(named) }
        guard value.members.count == 2, value[key: "type"]?.string == "allowed_tools",
            let allowed = value[key: "allowed_tools"], allowed.members.count == 2,
            let mode = allowed[key: "mode"]?.string, mode == "auto" || mode == "required",
            let tools = allowed[key: "tools"], tools.kind == .array
        else { return other }
        let names = tools.elements.compactMap(named)
        return names.count == tools.elements.count ? .allowed(names, isRequired: mode == "required") : other
    }

    private static func named(_ value: JSONValue) -> HubChoice.Named? {
        guard value.members.count == 2, let type = value[key: "type"]?.string, let kind = HubToolKind(rawValue: type),
            let inner = value[key: type], inner.members.count == 1, let name = SpelledText(inner[key: "name"])
        else { return nil }
        return HubChoice.Named(kind, name)
    }

    private static func format(_ value: JSONValue) -> HubFormat? {
        var outer = MemberTaker(value, dialect)
        guard let type = outer.take("type", .string)?.string else { return nil }
        let inner = outer.object("json_schema")
        guard outer.isEmpty else { return nil }
        switch (type, inner) {
        case ("text", nil): return .text
        case ("json_object", nil): return .json
        case ("json_schema", let inner?):
            var members = MemberTaker(inner, dialect)
            let schema = HubFormat.Schema(
                members.object("schema").map { SpelledJSON($0) },
                name: members.text("name"),
                description: members.text("description"),
                isStrict: members.boolean("strict")
            )
            return members.isEmpty ? .schema(schema) : nil
        default: return nil
        }
    }

    // MARK: Writing

    /// The body that asks for `request`: first what most requests have, then the rest, then what no other format knows.
    ///
    /// Parts and members of other dialects are left out.
    static func body(of request: HubRequest, model: String, stream: Bool) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { body in
                body.member("model", model)
                if stream { body.member("stream", true) }
                if !request.members.has(own: "messages", of: dialect) {
                    body.member(
                        "messages",
                        array: { messages in for turn in request.turns { write(turn, to: &messages) } }
                    )
                }
                body.memberIfPresent("temperature", request.sampling.temperature)
                if let limit = request.maxOutput {
                    body.member(limit.countsReasoning ? "max_completion_tokens" : "max_tokens", limit.tokens)
                }
                writeSampling(of: request, to: &body)
                writeTools(of: request, to: &body)
                if let format = request.format { body.member("response_format", object: { write(format, to: &$0) }) }
                body.rest(request.members, of: dialect)
            }
        }
    }

    private static func writeSampling(of request: HubRequest, to body: inout JSONWriter) {
        body.memberIfPresent("top_p", request.sampling.topP)
        body.memberIfPresent("top_k", request.sampling.topK)
        body.memberIfPresent("frequency_penalty", request.sampling.frequencyPenalty)
        body.memberIfPresent("presence_penalty", request.sampling.presencePenalty)
        body.memberIfPresent("seed", request.sampling.seed)
        if !request.stop.isEmpty {
            body.member("stop", array: { stop in for text in request.stop { stop.value(text) } })
        }
        body.memberIfPresent("reasoning_effort", request.effort)
        body.memberIfPresent("n", request.n)
    }

    private static func writeTools(of request: HubRequest, to body: inout JSONWriter) {
        if !request.tools.isEmpty {
            body.member("tools", array: { tools in for entry in request.tools { write(entry, to: &tools) } })
        }
        if let choice = request.choice { write(choice, to: &body) }
        body.memberIfPresent("parallel_tool_calls", request.parallel)
    }

    private static func write(_ entry: HubToolEntry, to tools: inout JSONWriter) {
        switch entry {
        case .other(let foreign):
            if foreign.dialect == dialect { tools.value(foreign.value) }
        case .tool(let tool):
            tools.object { writer in
                let type =
                    switch tool.input {
                    case .function: "function"
                    case .custom: "custom"
                    }
                writer.member("type", type)
                writer.member(
                    type,
                    object: { inner in
                        inner.member("name", tool.name)
                        inner.memberIfPresent("description", tool.description)
                        switch tool.input {
                        case .function(let schema): inner.memberIfPresent("parameters", schema)
                        case .custom(let grammar):
                            if let grammar { inner.member("format", object: { write(grammar, to: &$0) }) }
                        }
                        inner.memberIfPresent("strict", tool.isStrict)
                        inner.rest(tool.members, of: dialect, in: type)
                    }
                )
                writer.member("cache_control", tool.cache, of: dialect)
                writer.rest(tool.members, of: dialect)
            }
        }
    }

    private static func write(_ grammar: HubGrammar, to format: inout JSONWriter) {
        switch grammar {
        case .text: format.member("type", "text")
        case .grammar(let syntax, let definition):
            format.member("type", "grammar")
            format.member(
                "grammar",
                object: { inner in
                    inner.member("syntax", syntax)
                    inner.member("definition", definition)
                }
            )
        }
    }

    private static func write(_ choice: HubChoice, to body: inout JSONWriter) {
        switch choice {
        case .auto: body.member("tool_choice", "auto")
        case .none: body.member("tool_choice", "none")
        case .required: body.member("tool_choice", "required")
        case .tool(let named): body.member("tool_choice", object: { write(named, to: &$0) })
        case .allowed(let names, let isRequired):
            body.member(
                "tool_choice",
                object: { choice in
                    choice.member("type", "allowed_tools")
                    choice.member(
                        "allowed_tools",
                        object: { allowed in
                            allowed.member("mode", isRequired ? "required" : "auto")
                            allowed.member(
                                "tools",
                                array: { tools in for name in names { tools.object { write(name, to: &$0) } } }
                            )
                        }
                    )
                }
            )
        case .other(let foreign): body.member("tool_choice", foreign, of: dialect)
        }
    }

    private static func write(_ named: HubChoice.Named, to object: inout JSONWriter) {
        object.member("type", named.kind.rawValue)
        object.member(named.kind.rawValue, object: { $0.member("name", named.name) })
    }

    private static func write(_ format: HubFormat, to object: inout JSONWriter) {
        switch format {
        case .text: object.member("type", "text")
        case .json: object.member("type", "json_object")
        case .schema(let schema):
            object.member("type", "json_schema")
            object.member(
                "json_schema",
                object: { inner in
                    inner.memberIfPresent("name", schema.name)
                    inner.memberIfPresent("description", schema.description)
                    inner.memberIfPresent("schema", schema.schema)
                    inner.memberIfPresent("strict", schema.isStrict)
                }
            )
        }
    }
}
