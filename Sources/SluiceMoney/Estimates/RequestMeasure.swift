public import SluiceJSON
public import SluiceTypes

/// Measures a request: the one estimator, for all formats.
///
/// It looks for what the formats have in common and asks none of them: text counts by its bytes wherever it stands, schemas as they
/// are written, and pictures, documents and sound by what they cost at most vendors, since their bytes say little.
struct RequestMeasure {
    private var text: Int64 = 0
    private var media: Int64 = 0
    private var numbers: Int64 = 0
    private var messages: Int64 = 0
    private var hasTools = false
    private var searches: Int64 = 0
    private var mostOutput: Int64?
    private var answers: Int64 = 1

    /// So many bytes are a token: four are in English, fewer in code and in other languages.
    private static let bytesPerToken: Int64 = 3
    private static let image: Int64 = 1600
    private static let coarseImage: Int64 = 85
    private static let page: Int64 = 2500
    /// So many bytes of a document are taken for one page, since its pages can't be counted without reading it.
    private static let bytesPerPage: Int64 = 50_000
    private static let tokensPerSecond: Int64 = 32
    /// What sound of medium quality takes a second.
    private static let bytesPerSecond: Int64 = 16_000
    /// What frames a message, at most.
    private static let frame: Int64 = 16
    /// What declared functions add, at most, besides their own text.
    private static let toolFrame: Int64 = 1024
    /// So many searches a hosted tool makes at most that has no limit of its own.
    private static let usualSearches: Int64 = 10

    init(_ root: JSONValue) {
        root.forEachChild { member in
            if member.isMember("messages") || member.isMember("input") {
                takeContent(member)
                member.forEachChild { if $0.kind == .object { messages += 1 } }
            } else if member.isMember("prompt") || member.isMember("system") || member.isMember("instructions")
                || member.isMember("suffix") || member.isMember("prediction")
            {
                takeContent(member)
            } else if member.isMember("tools") || member.isMember("functions") {
                takeTools(member)
            } else if member.isMember("response_format") || member.isMember("text")
                || member.isMember("output_format") || member.isMember("output_config")
            {
                text += Int64(member.byteCount)
            } else if member.isMember("web_search_options") {
                searches += RequestMeasure.usualSearches
            } else if member.isMember("max_tokens") || member.isMember("max_completion_tokens")
                || member.isMember("max_output_tokens") || member.isMember("max_tokens_to_sample")
            {
                if let limit = member.integer, limit >= 0 {
                    mostOutput = max(mostOutput ?? 0, min(limit, UnitCost.largestCount))
                }
            } else if member.isMember("n") || member.isMember("best_of") {
                if let count = member.integer, count > 0 { answers = max(answers, min(count, 1024)) }
            }
        }
    }

    var size: RequestSize {
        let others = media + numbers
        let bound = text + RequestMeasure.frame * (messages + 1) + (hasTools ? RequestMeasure.toolFrame : 0)
        return RequestSize(
            input: (text + RequestMeasure.bytesPerToken - 1) / RequestMeasure.bytesPerToken + others,
            mostInput: bound + others,
            mostOutput: mostOutput,
            answers: answers,
            searches: searches
        )
    }

    private mutating func takeTools(_ tools: JSONValue) {
        guard tools.kind == .array, tools[0] != nil else { return }
        hasTools = true
        text += Int64(tools.byteCount)
        tools.forEachChild { tool in
            guard tool[key: "type"]?.begins(with: "web_search") == true else { return }
            searches += min(max(tool[key: "max_uses"]?.integer ?? RequestMeasure.usualSearches, 0), 1000)
        }
    }

    /// Takes whatever stands where a model reads.
    private mutating func takeContent(_ value: JSONValue) {
        switch value.kind {
        // Whoever sends a picture where nobody expects one still sends no text.
        case .string where value.begins(with: "data:") && (value.isMember("url") || value.isMember("image_url")):
            media += RequestMeasure.image
        case .string: text += Int64(value.decodedByteCount)
        case .array: value.forEachChild { takeContent($0) }
        case .object: takeObject(value)
        // Tokens that were counted out by the caller.
        case .number: numbers += 1
        case .boolean, .null: break
        }
    }

    private mutating func takeObject(_ object: JSONValue) {
        let type = object[key: "type"]
        if let type, isPicture(type) {
            let detail = object[key: "detail"] ?? object[key: "image_url"]?[key: "detail"]
            media += detail?.string == "low" ? RequestMeasure.coarseImage : RequestMeasure.image
        } else if let type, type.begins(with: "input_audio") {
            let bytes = RequestMeasure.plainBytes((object[key: "input_audio"] ?? object)[key: "data"])
            media += (bytes / RequestMeasure.bytesPerSecond + 1) * RequestMeasure.tokensPerSecond
        } else if let type, isFile(type) {
            takeFile(object)
        } else {
            object.forEachChild { takeMember($0) }
        }
    }

    private mutating func takeMember(_ member: JSONValue) {
        switch member.kind {
        // Arguments and schemas: their names count as well.
        case .object where member.isMember("input") || member.isMember("arguments"): text += Int64(member.byteCount)
        case .object, .array: takeContent(member)
        case .string where !RequestMeasure.isFraming(member): takeContent(member)
        case .string, .number, .boolean, .null: break
        }
    }

    /// What says how a message is to be taken, and is none of its text.
    private static func isFraming(_ member: JSONValue) -> Bool {
        member.isMember("type") || member.isMember("role") || member.isMember("id") || member.isMember("status")
            || member.isMember("signature")
    }

    private func isPicture(_ type: JSONValue) -> Bool {
        type.begins(with: "image") || type.begins(with: "input_image") || type.begins(with: "computer_screenshot")
    }

    private func isFile(_ type: JSONValue) -> Bool {
        type.isString("document") || type.isString("file") || type.isString("input_file")
    }

    private mutating func takeFile(_ file: JSONValue) {
        let source = file[key: "source"] ?? file[key: "file"] ?? file
        let kind = source[key: "type"]
        if let kind, kind.begins(with: "text"), let data = source[key: "data"] {
            text += Int64(data.decodedByteCount)
        } else if let kind, kind.begins(with: "content"), let content = source[key: "content"] {
            takeContent(content)
        } else {
            let bytes = RequestMeasure.plainBytes(source[key: "data"] ?? source[key: "file_data"])
            media += (bytes / RequestMeasure.bytesPerPage + 1) * RequestMeasure.page
        }
    }

    /// How many bytes stand behind a Base64 text.
    private static func plainBytes(_ data: JSONValue?) -> Int64 {
        Int64(data?.decodedByteCount ?? 0) / 4 * 3
    }
}

extension RequestSize {
    /// Measures a request in whatever format, or one that carries another in its member `request`.
    public init(of document: Document, for operation: Operation = .chat) {
        let root = document.root
        self = RequestMeasure(root[key: "request"] ?? root).size
        // Vectors are no tokens.
        if operation == .embedding { mostOutput = 0 }
    }
}
