import SluiceJSON

extension StateNames {
    /// Anthropic's Messages.
    mutating func readMessages(_ root: JSONValue) {
        readContainer(ofMessages: root[key: "container"])
        Self.note(&state, root[key: "thread"]?[key: "previous_message_id"])
        Self.note(&state, root[key: "fallback_credit_token"])
        Self.note(&state, root[key: "user_profile_id"])
        Self.note(&comparison, root[key: "diagnostics"]?[key: "previous_message_id"])
        readBlocks(root[key: "system"])
        for message in root[key: "messages"]?.elements ?? [] { readBlocks(message[key: "content"]) }
    }

    /// A container by its id; one with skills is new, and those of Anthropic's own are everybody's.
    private mutating func readContainer(ofMessages container: JSONValue?) {
        guard let container, container.kind == .object else { return Self.note(&state, container) }
        for (name, value) in container.members {
            guard name == "skills" else {
                Self.note(&state, value)
                continue
            }
            for skill in value.elements where skill[key: "type"]?.string != "anthropic" {
                Self.note(&state, skill[key: "skill_id"] ?? skill)
            }
        }
    }

    /// Blocks, and those within the results of tools and within documents.
    private mutating func readBlocks(_ content: JSONValue?) {
        guard let content else { return }
        switch content.kind {
        case .array: for block in content.elements { readBlock(block) }
        case .object: readBlock(content)
        case .string, .number, .boolean, .null: break
        }
    }

    private mutating func readBlock(_ block: JSONValue) {
        let type = block[key: "type"]?.string
        guard type != "text", type != "tool_use" else { return }
        // What an earlier answer has made is told by its id and not read again.
        if type != "code_execution_output", type != "bash_code_execution_output" {
            Self.note(&state, block[key: "file_id"])
        }
        if let source = block[key: "source"] {
            Self.note(&state, source[key: "file_id"])
            readBlocks(source[key: "content"])
        }
        readBlocks(block[key: "content"])
    }
}
