import SluiceJSON
public import SluiceTypes

/// The items of a response's input, as `GET /v1/responses/{id}/input_items` lists them: those of its own request alone.
///
/// Source: the API reference of OpenAI, "List input items"; its SDK for Python 3.57, `response_item`.
public struct ResponsesInputItems: Sendable {
    /// In which order items are listed.
    public enum Order: String, Sendable {
        case ascending = "asc"
        case descending = "desc"
    }

    /// How many items a page may have.
    public static let limits = 1...100
    /// How many items a page has, where nothing else is asked for.
    public static let standardLimit = 20

    private let items: [(id: String, item: ResponsesItem)]

    /// Reads the items of a request.
    ///
    /// - Parameters:
    ///   - body: the request as it came.
    ///   - job: its job, by which items are named that have no id.
    /// - Throws: ``ResponsesFault`` for a body that can't be read.
    public init(_ body: [UInt8], of job: JobID) throws(ResponsesFault) {
        guard let root = (try? Document(indexing: body, limits: AnswerLimits.json))?.root, root.kind == .object else {
            throw .unreadable(job)
        }
        items = try ResponsesItem.input(of: root).enumerated().map { place, item in
            (item.id ?? ResponsesID.item(item.type, of: job, at: place), item)
        }
    }

    /// A page of the list: JSON text.
    ///
    /// - Parameters:
    ///   - order: the order; from the last item to the first unless told otherwise.
    ///   - limit: how many items it has at most.
    ///   - after: the id of the item behind which it begins; nil for the beginning.
    /// - Throws: ``ResponsesFault`` for a limit beyond ``limits``, and for an id that no item has.
    public func page(
        _ order: Order = .descending,
        limit: Int = standardLimit,
        after: String? = nil
    ) throws(ResponsesFault) -> [UInt8] {
        guard ResponsesInputItems.limits.contains(limit) else { throw .noPage(parameter: "limit") }
        var rest = (order == .ascending ? items : items.reversed())[...]
        if let after {
            guard let place = rest.firstIndex(where: { $0.id == after }) else { throw .noPage(parameter: "after") }
            rest = rest[(place + 1)...]
        }
        let page = rest.prefix(limit)
        return JSONWriter.bytes { writer in
            writer.object { list in
                list.member("object", "list")
                list.member("data", array: { data in for entry in page { data.raw(ResponsesInputItems.told(entry)) } })
                list.member("first_id", page.first?.id)
                list.member("last_id", page.last?.id)
                list.member("has_more", page.count < rest.count)
            }
        }
    }

    /// The types of items that say in a list how far they are.
    private static let statusTypes: Set<String> = [
        "message", "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output",
        "computer_call_output", "shell_call", "shell_call_output", "tool_search_call", "tool_search_output",
    ]

    /// An item with what its caller may leave out: its id, and of a message its type and the parts of its text.
    private static func told(_ entry: (id: String, item: ResponsesItem)) -> [UInt8] {
        let (item, value) = (entry.item, entry.item.value)
        if item.isText { return message(entry.id, value) }
        guard value.kind == .object else { return Array(value.bytes) }
        var members: [(name: String, value: [UInt8])] = []
        if item.id == nil { members.append(("id", quoted(entry.id))) }
        if item.type == "message" {
            if value[key: "type"]?.string == nil { members.append(("type", quoted("message"))) }
            if let content = value[key: "content"], content.kind == .string {
                members.append(("content", parts(of: content, isAssistant: value[key: "role"]?.string == "assistant")))
            }
        }
        if statusTypes.contains(item.type), value[key: "status"]?.string == nil {
            members.append(("status", quoted("completed")))
        }
        var splice = Splice(value)
        splice.change(value, setting: members)
        return splice.isEmpty ? Array(value.bytes) : splice.text
    }

    private static func message(_ id: String, _ text: JSONValue) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { message in
                message.member("id", id)
                message.member("type", "message")
                message.member("status", "completed")
                message.member("role", "user")
                message.member("content", RawJSON(parts(of: text, isAssistant: false)))
            }
        }
    }

    private static func parts(of text: JSONValue, isAssistant: Bool) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.array { parts in
                parts.object { part in
                    part.member("type", isAssistant ? "output_text" : "input_text")
                    part.member("text", RawJSON(text.bytes))
                    if isAssistant { part.member("annotations", array: { _ in }) }
                }
            }
        }
    }

    private static func quoted(_ text: String) -> [UInt8] { JSONWriter.bytes { $0.value(text) } }
}
