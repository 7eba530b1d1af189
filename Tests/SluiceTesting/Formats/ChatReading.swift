package import SluiceJSON

/// What a client that goes strictly by a format's protocol makes of an answer in server-sent events, whole or not.
package struct ChatReading: Sendable {
    /// One event that came whole, comments and keep-alives aside.
    package struct Event: Sendable {
        package var name: String
        /// Nil for what is no JSON.
        package var root: JSONValue?
        package var data: String
    }

    package let format: ChatFormat
    package private(set) var events: [Event] = []
    /// What the model said.
    package private(set) var text = ""
    /// Whether the answer says of itself that it is whole.
    package private(set) var isSuccess = false
    /// Whether any event names a reason why the model stopped, which clients take for success too.
    package private(set) var hasFinished = false
    /// The provider's or the gateway's sentence, where the answer says that it failed.
    package private(set) var failure: String?
    /// The ids under which the answer goes.
    package private(set) var ids: Set<String> = []
    /// The numbers of its events, where its format numbers them.
    package private(set) var numbers: [Int64] = []
    /// How the protocol was broken first; nil where it was kept.
    package private(set) var breach: String?

    /// Reads a body, as far as it came; an event without its empty line is none.
    package init(_ format: ChatFormat, _ body: String) {
        self.format = format
        let blocks = body.split(separator: "\n\n", omittingEmptySubsequences: false).dropLast()
        for block in blocks {
            var event = Event(name: "", data: "")
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { event.data += line.dropFirst(6) }
            }
            guard !event.data.isEmpty, event.name != "ping", event.name != "keepalive" else { continue }
            event.root = (try? Document(Array(event.data.utf8)))?.root
            take(event)
            events.append(event)
        }
    }

    /// Whether the answer has come to an end of its own, of whichever kind.
    package var isOver: Bool { isSuccess || failure != nil }

    private mutating func take(_ event: Event) {
        if isOver { note("\(event.name) \(event.data) stands behind the end") }
        switch format {
        case .chat: takeChunk(event)
        case .messages: takeMessage(event)
        case .responses: takeResponse(event)
        }
    }

    private mutating func note(_ sentence: String) { breach = breach ?? sentence }

    private mutating func takeChunk(_ event: Event) {
        if event.data == "[DONE]" {
            if !hasFinished { note("[DONE] without a finish") }
            isSuccess = true
            return
        }
        guard let root = event.root else { return note("no JSON: \(event.data)") }
        if let error = root[key: "error"] { failure = error[key: "message"]?.string ?? "" }
        if let id = root[key: "id"]?.string { ids.insert(id) }
        let choice = root[key: "choices"]?[0]
        text += choice?[key: "delta"]?[key: "content"]?.string ?? ""
        hasFinished = hasFinished || choice?[key: "finish_reason"]?.string != nil
    }

    private mutating func takeMessage(_ event: Event) {
        guard let root = event.root, let type = root[key: "type"]?.string else {
            return note("no event: \(event.data)")
        }
        if type != event.name { note("\(event.name) is called \(type)") }
        if (type == "message_start") != events.isEmpty, type != "error" { note("\(type) as event \(events.count)") }
        if let id = root[key: "message"]?[key: "id"]?.string { ids.insert(id) }
        text += root[key: "delta"]?[key: "text"]?.string ?? ""
        hasFinished = hasFinished || root[key: "delta"]?[key: "stop_reason"]?.string != nil
        switch type {
        case "error": failure = root[key: "error"]?[key: "message"]?.string ?? ""
        case "message_stop":
            if !hasFinished { note("message_stop without a reason") }
            isSuccess = true
        default: break
        }
    }

    private mutating func takeResponse(_ event: Event) {
        guard let root = event.root, let type = root[key: "type"]?.string else {
            return note("no event: \(event.data)")
        }
        if type != event.name { note("\(event.name) is called \(type)") }
        guard let number = root[key: "sequence_number"]?.integer else { return note("\(type) has no number") }
        if let last = numbers.last, last >= number { note("\(number) comes behind \(last)") }
        numbers.append(number)
        let response = root[key: "response"]
        if let id = response?[key: "id"]?.string, ids.insert(id).inserted, ids.count > 1 {
            note("it has the ids \(ids)")
        }
        switch type {
        case "response.output_text.delta": text += root[key: "delta"]?.string ?? ""
        case "response.completed", "response.incomplete": (isSuccess, hasFinished) = (true, true)
        case "response.failed": failure = response?[key: "error"]?[key: "message"]?.string ?? ""
        default: break
        }
    }
}
