import SluiceJSON
import SluiceProvider
import SluiceTypes

extension ResponsesRendering {
    // MARK: Reading

    /// What a body asks for; its `model` and `stream` are the caller's to read.
    static func request(_ body: JSONValue) -> HubRequest {
        var members = MemberTaker(body, dialect)
        members.drop("model")
        members.drop("stream")
        var turns: [HubTurn] = []
        if let text = members.text("instructions") {
            turns.append(HubTurn(.system, [HubPart(.text(HubText(text)))], isPreamble: true))
        }
        if let input = members.take("input", .string, .array) { read(input, &turns) }
        var request = HubRequest(turns)
        request.tools = members.array("tools").map { $0.elements.flatMap(tools) } ?? []
        if let choice = members.take("tool_choice", .string, .object) { request.choice = self.choice(choice) }
        request.parallel = members.boolean("parallel_tool_calls")
        request.maxOutput = members.any("max_output_tokens").map { HubLimit($0, countsReasoning: true) }
        request.sampling.temperature = members.any("temperature")
        request.sampling.topP = members.any("top_p")
        var text = MemberTaker(members.object("text"), dialect)
        if let format = text.object("format") {
            request.format = self.format(format)
            if request.format == nil {
                request.members.append(HubMember(dialect, parent: "text", "format", SpelledJSON(format)))
            }
        }
        var reasoning = MemberTaker(members.object("reasoning"), dialect)
        request.effort = reasoning.text("effort")
        request.members += text.left(in: "text") + reasoning.left(in: "reasoning") + members.left()
        return request
    }

    private static func tools(_ value: JSONValue) -> [HubToolEntry] {
        let other = HubToolEntry.other(HubForeign(dialect, SpelledJSON(value)))
        guard value[key: "type"]?.string == "namespace" else { return [tool(value, in: nil) ?? other] }
        var members = MemberTaker(value, dialect)
        members.drop("type")
        guard let name = members.text("name") else { return [other] }
        let namespace = HubNamespace(name, description: members.text("description"))
        let tools = members.array("tools")?.elements ?? []
        let known = tools.compactMap { tool($0, in: namespace) }
        return members.isEmpty && !tools.isEmpty && known.count == tools.count ? known : [other]
    }

    private static func tool(_ value: JSONValue, in namespace: HubNamespace?) -> HubToolEntry? {
        var members = MemberTaker(value, dialect)
        guard let type = members.take("type", .string)?.string, let name = members.text("name") else { return nil }
        var tool = HubTool(
            name: name,
            namespace: namespace,
            description: members.text("description"),
            input: .custom(nil)
        )
        switch type {
        case "function":
            tool.input = .function(schema: members.object("parameters").map { SpelledJSON($0) })
            tool.isStrict = members.boolean("strict")
        case "custom":
            if let format = members.object("format") {
                guard let grammar = grammar(format) else { return nil }
                tool.input = .custom(grammar)
            }
        default: return nil
        }
        tool.members = members.left()
        return .tool(tool)
    }

    private static func grammar(_ format: JSONValue) -> HubGrammar? {
        var members = MemberTaker(format, dialect)
        switch (members.take("type", .string)?.string, members.text("syntax"), members.text("definition")) {
        case ("text", nil, nil) where members.isEmpty: return .text
        case ("grammar", let syntax?, let text?) where members.isEmpty:
            return .grammar(syntax: syntax, definition: text)
        default: return nil
        }
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
        guard value.members.count == 3, value[key: "type"]?.string == "allowed_tools",
            let mode = value[key: "mode"]?.string, mode == "auto" || mode == "required",
            let tools = value[key: "tools"], tools.kind == .array
        else { return other }
        let names = tools.elements.compactMap(named)
        return names.count == tools.elements.count ? .allowed(names, isRequired: mode == "required") : other
    }

    private static func named(_ value: JSONValue) -> HubChoice.Named? {
        guard value.members.count == 2, let kind = value[key: "type"]?.string.flatMap(HubToolKind.init),
            let name = SpelledText(value[key: "name"])
        else { return nil }
        return HubChoice.Named(kind, name)
    }

    private static func format(_ value: JSONValue) -> HubFormat? {
        var members = MemberTaker(value, dialect)
        let type = members.take("type", .string)?.string
        let schema = HubFormat.Schema(
            members.object("schema").map { SpelledJSON($0) },
            name: members.text("name"),
            description: members.text("description"),
            isStrict: members.boolean("strict")
        )
        guard members.isEmpty else { return nil }
        switch type {
        case "text": return schema == HubFormat.Schema(nil) ? .text : nil
        case "json_object": return schema == HubFormat.Schema(nil) ? .json : nil
        case "json_schema": return .schema(schema)
        default: return nil
        }
    }

    // MARK: Writing

    /// The body that asks for `request`.
    ///
    /// Parts and members of other dialects are left out.
    static func body(of request: HubRequest, model: String, stream: Bool) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { body in
                body.member("model", model)
                if stream { body.member("stream", true) }
                let preamble = request.turns.lazy.filter(\.isPreamble).flatMap(\.parts)
                    .compactMap { if case .text(let text) = $0.content { text.text.spelling } else { nil } }
                if !preamble.isEmpty {
                    body.key("instructions")
                    body.spelled(pieces: Array(preamble))
                }
                if !request.members.has(own: "input", of: dialect) {
                    body.member(
                        "input",
                        array: { items in for turn in request.turns where !turn.isPreamble { write(turn, to: &items) } }
                    )
                }
                writeTools(of: request, to: &body)
                body.memberIfPresent("max_output_tokens", request.maxOutput?.tokens)
                body.memberIfPresent("temperature", request.sampling.temperature)
                body.memberIfPresent("top_p", request.sampling.topP)
                writeText(of: request, to: &body)
                if request.effort != nil || request.members.has("reasoning", of: dialect) {
                    body.member(
                        "reasoning",
                        object: { reasoning in
                            reasoning.memberIfPresent("effort", request.effort)
                            reasoning.rest(request.members, of: dialect, in: "reasoning")
                        }
                    )
                }
                body.rest(request.members, of: dialect)
            }
        }
    }

    private static func writeTools(of request: HubRequest, to body: inout JSONWriter) {
        if !request.tools.isEmpty { body.member("tools", array: { write(request.tools, to: &$0) }) }
        switch request.choice {
        case nil: break
        case .auto?: body.member("tool_choice", "auto")
        case HubChoice.none?: body.member("tool_choice", "none")
        case .required?: body.member("tool_choice", "required")
        case .tool(let named)?: body.member("tool_choice", object: { write(named, to: &$0) })
        case .allowed(let names, let isRequired)?:
            body.member(
                "tool_choice",
                object: { choice in
                    choice.member("type", "allowed_tools")
                    choice.member("mode", isRequired ? "required" : "auto")
                    choice.member(
                        "tools",
                        array: { tools in for name in names { tools.object { write(name, to: &$0) } } }
                    )
                }
            )
        case .other(let foreign)?: body.member("tool_choice", foreign, of: dialect)
        }
        body.memberIfPresent("parallel_tool_calls", request.parallel)
    }

    private static func write(_ named: HubChoice.Named, to object: inout JSONWriter) {
        object.member("type", named.kind.rawValue)
        object.member("name", named.name)
    }

    /// Tools of one namespace that follow each other stand in one entry.
    private static func write(_ entries: [HubToolEntry], to tools: inout JSONWriter) {
        var rest = entries[...]
        while let entry = rest.first {
            guard let namespace = entry.namespace else {
                rest.removeFirst()
                write(entry, to: &tools)
                continue
            }
            let group = rest.prefix { $0.namespace == namespace }
            rest.removeFirst(group.count)
            tools.object { writer in
                writer.member("type", "namespace")
                writer.member("name", namespace.name)
                writer.memberIfPresent("description", namespace.description)
                writer.member("tools", array: { tools in for entry in group { write(entry, to: &tools) } })
            }
        }
    }

    private static func write(_ entry: HubToolEntry, to tools: inout JSONWriter) {
        switch entry {
        case .other(let foreign):
            if foreign.dialect == dialect { tools.value(foreign.value) }
        case .tool(let tool):
            tools.object { writer in
                switch tool.input {
                case .function: writer.member("type", "function")
                case .custom: writer.member("type", "custom")
                }
                writer.member("name", tool.name)
                writer.memberIfPresent("description", tool.description)
                switch tool.input {
                case .function(let schema): writer.memberIfPresent("parameters", schema)
                case .custom(.text?): writer.member("format", object: { $0.member("type", "text") })
                case .custom(.grammar(let syntax, let definition)?):
                    writer.member(
                        "format",
                        object: { format in
                            format.member("type", "grammar")
                            format.member("syntax", syntax)
                            format.member("definition", definition)
                        }
                    )
                case .custom(nil): break
                }
                writer.memberIfPresent("strict", tool.isStrict)
                writer.rest(tool.members, of: dialect)
            }
        }
    }

    private static func writeText(of request: HubRequest, to body: inout JSONWriter) {
        guard request.format != nil || request.members.has("text", of: dialect) else { return }
        body.member(
            "text",
            object: { text in
                if let format = request.format { text.member("format", object: { write(format, to: &$0) }) }
                text.rest(request.members, of: dialect, in: "text")
            }
        )
    }

    private static func write(_ format: HubFormat, to object: inout JSONWriter) {
        switch format {
        case .text: object.member("type", "text")
        case .json: object.member("type", "json_object")
        case .schema(let schema):
            object.member("type", "json_schema")
            object.memberIfPresent("name", schema.name)
            object.memberIfPresent("description", schema.description)
            object.memberIfPresent("schema", schema.schema)
            object.memberIfPresent("strict", schema.isStrict)
        }
    }
}

extension HubToolEntry {
    /// The namespace of a tool; nil for one outside of any.
    fileprivate var namespace: HubNamespace? {
        if case .tool(let tool) = self { tool.namespace } else { nil }
    }
}
