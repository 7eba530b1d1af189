import SluiceJSON

extension StateNames {
    /// OpenAI's Responses; `previous_response_id` is looked up by the gateway itself, and so is not among what is found.
    mutating func readResponses(_ root: JSONValue) {
        Self.note(&state, root[key: "conversation"])
        Self.note(&state, root[key: "prompt"]?[key: "id"])
        Self.note(&state, root[key: "background_options"]?[key: "continuation_id"])
        for entry in root[key: "input"]?.elements ?? [] { readItem(entry) }
        readTools(root[key: "tools"])
        readComparison(root)
    }

    private mutating func readItem(_ entry: JSONValue) {
        let type = entry[key: "type"]?.string
        switch type {
        // A message may come without its type, and so may a reference.
        case nil where entry[key: "role"] == nil, "item_reference": Self.note(&reference, entry[key: "id"])
        case "image_generation_call": if !entry.has("result") { Self.note(&item, entry[key: "id"]) }
        case "reasoning":
            if !entry.has("encrypted_content"), !entry.has("content") { Self.note(&item, entry[key: "id"]) }
        // What a tool of the caller's puts out as an object is its own affair.
        case "computer_call_output": if let screenshot = entry[key: "output"] { readPart(screenshot) }
        default: break
        }
        readParts(entry[key: "content"])
        readParts(entry[key: "output"])
        // A container that is left open by the call that an item tells of is used again.
        Self.note(&state, entry[key: "container_id"])
        readEnvironment(entry[key: "environment"])
        readTools(entry[key: "tools"])
    }

    /// Tools that the provider runs itself, with what it holds; those that callers run name nothing.
    mutating func readTools(_ tools: JSONValue?) {
        for tool in tools?.elements ?? [] where tool[key: "type"]?.string != "function" {
            Self.note(&state, tool[key: "vector_store_ids"])
            readContainer(tool[key: "container"])
            // Someone's own mail, files and calendar, and a way into a private network.
            Self.note(&state, tool[key: "connector_id"])
            Self.note(&state, tool[key: "tunnel_id"])
            Self.note(&state, tool[key: "input_image_mask"]?[key: "file_id"])
            readEnvironment(tool[key: "environment"])
            readTools(tool[key: "tools"])
        }
    }

    /// A container by its id, or what a new one shall hold.
    private mutating func readContainer(_ container: JSONValue?) {
        guard let container, !container.isNull else { return }
        guard container.kind == .object, container[key: "type"]?.string == "auto" else {
            return Self.note(&state, container)
        }
        readNew(container)
    }

    /// Where a shell runs: on the caller's own machine, in a new container, or in one that is there.
    private mutating func readEnvironment(_ environment: JSONValue?) {
        // A computer's environment is a word.
        guard let environment, environment.kind == .object else { return }
        switch environment[key: "type"]?.string {
        case "local": break
        case "container_auto": readNew(environment)
        case "container_reference": Self.note(&state, environment[key: "container_id"])
        default: Self.note(&state, environment)
        }
    }

    private mutating func readNew(_ container: JSONValue) {
        Self.note(&state, container[key: "file_ids"])
        for skill in container[key: "skills"]?.elements ?? [] { Self.note(&state, skill[key: "skill_id"]) }
    }
}

extension JSONValue {
    /// Whether there is a member of that name that is not null.
    fileprivate func has(_ key: String) -> Bool { self[key: key].map { !$0.isNull } ?? false }
}
