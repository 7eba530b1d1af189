import SluiceProvider
import SluiceTypes

/// The hub's values as lines of text, for fixtures: texts and opaque values as they are spelled.
enum HubOutline {
    static func of(_ request: HubRequest) -> String {
        var lines: [String] = []
        for turn in request.turns {
            lines.append("\(turn.isPreamble ? "preamble " : "")\(turn.role)\(members(turn.members))")
            lines += turn.parts.flatMap { of($0, "  ") }
        }
        lines += request.tools.map(of)
        if let choice = request.choice { lines.append("choice \(of(choice))") }
        if let parallel = request.parallel { lines.append("parallel \(parallel)") }
        if let format = request.format { lines.append("format \(of(format))") }
        if let limit = request.maxOutput {
            lines.append("max \(text(limit.tokens))\(limit.countsReasoning ? " all" : "")")
        }
        if !request.stop.isEmpty { lines.append("stop \(request.stop.map(text).joined(separator: " | "))") }
        let sampling = request.sampling
        let numbers: [(String, SpelledJSON?)] = [
            ("temperature", sampling.temperature), ("topP", sampling.topP), ("topK", sampling.topK),
            ("frequency", sampling.frequencyPenalty), ("presence", sampling.presencePenalty), ("seed", sampling.seed),
            ("n", request.n),
        ]
        lines += numbers.compactMap { name, value in value.map { "\(name) \(text($0))" } }
        if let effort = request.effort { lines.append("effort \(text(effort))") }
        lines += request.members.map { "member \($0.path) \(text($0.value))" }
        return lines.joined(separator: "\n")
    }

    static func of(_ events: [HubEvent]) -> String {
        var lines: [String] = []
        for event in events {
            switch event {
            case .open(let index, let kind): lines.append("open \(index) \(of(kind))")
            case .delta(let index, let bytes): lines.append("delta \(index) \(String(decoding: bytes, as: UTF8.self))")
            case .close(let index, let closing):
                lines.append("close \(index)\(of(closing.opaque))\(cited(closing.citations))")
            case .finish(let finish):
                let detail = finish.detail.map { " detail=\(text($0))" } ?? ""
                lines.append(
                    "finish \(finish.reason.rawValue) \(finish.word ?? "-")\(detail)\(members(finish.members))"
                )
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func of(_ part: HubPart, _ indent: String) -> [String] {
        let rest = (part.cache.map { " cache=\(text($0.value))" } ?? "") + members(part.members)
        switch part.content {
        case .text(let value): return ["\(indent)text \(text(value.text))\(cited(value.citations))\(rest)"]
        case .refusal(let value): return ["\(indent)refusal \(text(value))\(rest)"]
        case .image(let image):
            return ["\(indent)image \(of(image.source))\(image.detail.map { " detail=\(text($0))" } ?? "")\(rest)"]
        case .file(let file):
            return ["\(indent)file \(of(file.source))\(file.name.map { " name=\(text($0))" } ?? "")\(rest)"]
        case .audio(let audio): return ["\(indent)audio \(text(audio.format)) \(text(audio.data))\(rest)"]
        case .call(let call):
            let name = (call.namespace.map { "\(text($0)) / " } ?? "") + text(call.name)
            let head = "\(indent)call \(call.kind) \(text(call.id)) \(name)"
            return ["\(head) \(text(call.arguments))\(of(call.opaque))\(rest)"]
        case .result(let result):
            let head = "\(indent)result \(result.kind) \(text(result.callID))\(result.isError ? " error" : "")\(rest)"
            return [head] + result.parts.flatMap { of($0, indent + "  ") }
        case .reasoning(let reasoning):
            let passages = reasoning.passages.map { "\($0.kind):\(text($0.text))" }.joined(separator: " | ")
            return ["\(indent)reasoning [\(passages)]\(of(reasoning.opaque))\(rest)"]
        case .other(let other):
            return ["\(indent)other \(other.foreign.dialect.rawValue) \(other.place) \(text(other.foreign.value))"]
        }
    }

    private static func of(_ kind: HubBlockKind) -> String {
        switch kind {
        case .text: return "text"
        case .refusal: return "refusal"
        case .reasoning(let passage, let continues):
            return "reasoning \(passage.map { "\($0)" } ?? "hidden")\(continues ? " continues" : "")"
        case .call(let id, let name, let namespace, let kind):
            return "call \(kind) \(text(id)) \(namespace.map { "\(text($0)) / " } ?? "")\(text(name))"
        case .other(let other): return "other \(other.place) \(text(other.foreign.value))"
        }
    }

    private static func of(_ entry: HubToolEntry) -> String {
        guard case .tool(let tool) = entry else {
            guard case .other(let foreign) = entry else { return "" }
            return "tool other \(text(foreign.value))"
        }
        let input =
            switch tool.input {
            case .function(let schema): "function \(schema.map(text) ?? "-")"
            case .custom(nil): "custom"
            case .custom(.text?): "custom text"
            case .custom(.grammar(let syntax, let definition)?): "custom \(text(syntax)) \(text(definition))"
            }
        let namespace = tool.namespace.map { "\(text($0.name)) (\($0.description.map(text) ?? "-")) / " } ?? ""
        let strict = tool.isStrict.map { " strict=\($0)" } ?? ""
        let cache = tool.cache.map { " cache=\(text($0.value))" } ?? ""
        let head = "tool \(namespace)\(text(tool.name)) \(input)\(strict)\(cache)\(members(tool.members))"
        return head + (tool.description.map { ": \(text($0))" } ?? "")
    }

    private static func of(_ choice: HubChoice) -> String {
        switch choice {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .tool(let named): "\(named.kind) \(text(named.name))"
        case .allowed(let names, let isRequired):
            "allowed \(names.map { "\($0.kind) \(text($0.name))" }.joined(separator: ", "))\(isRequired ? " required" : "")"
        case .other(let foreign): "other \(text(foreign.value))"
        }
    }

    private static func of(_ format: HubFormat) -> String {
        guard case .schema(let schema) = format else { return "\(format)" }
        let words = [schema.name, schema.description].map { $0.map(text) ?? "-" }.joined(separator: " ")
        return "schema \(words) \(schema.schema.map(text) ?? "-") strict=\(schema.isStrict.map { "\($0)" } ?? "-")"
    }

    private static func of(_ source: HubSource) -> String {
        switch source {
        case .url(let url): "url \(text(url))"
        case .base64(let mime, let data): "base64 \(mime.map(text) ?? "-") \(text(data))"
        case .text(let mime, let value): "text \(text(mime)) \(text(value))"
        }
    }

    private static func of(_ opaque: HubOpaque?) -> String { opaque.map { " opaque=\(text($0.value))" } ?? "" }

    private static func cited(_ citations: HubForeign?) -> String {
        citations.map { " citations=\(text($0.value))" } ?? ""
    }

    private static func members(_ members: [HubMember]) -> String {
        members.map { " {\($0.path) \(text($0.value))}" }.joined()
    }

    private static func text(_ text: SpelledText) -> String { String(decoding: text.spelling, as: UTF8.self) }

    private static func text(_ value: SpelledJSON) -> String { String(decoding: value.bytes, as: UTF8.self) }
}
