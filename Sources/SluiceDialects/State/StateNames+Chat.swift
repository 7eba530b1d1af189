import SluiceJSON

extension StateNames {
    /// OpenAI's chat completions, and what others have put into their format.
    mutating func readChat(_ root: JSONValue) {
        for message in root[key: "messages"]?.elements ?? [] {
            readParts(message[key: "content"])
            // An earlier answer that was spoken.
            Self.note(&state, message[key: "audio"]?[key: "id"])
        }
        // A voice that was made for the account; the others are plain names.
        Self.note(&state, root[key: "audio"]?[key: "voice"]?[key: "id"])
        Self.note(&state, root[key: "extra_body"]?[key: "google"]?[key: "cached_content"])
        readTools(root[key: "tools"])
        readCaching(root)
    }

    /// A list of parts, each of which may be a file that was uploaded before; a text is none.
    mutating func readParts(_ content: JSONValue?) {
        for part in content?.elements ?? [] { readPart(part) }
    }

    mutating func readPart(_ part: JSONValue) {
        Self.note(&state, part[key: "file_id"])
        Self.note(&state, part[key: "file"]?[key: "file_id"])
        // Other kinds stand in a member of their own name, as `image_url` does.
        guard let type = part[key: "type"]?.string, type != "text" else { return }
        Self.note(&state, part[key: type]?[key: "file_id"])
    }

    mutating func readCaching(_ root: JSONValue) {
        Self.note(&comparison, root[key: "prompt_cache_options"]?[key: "comparison_response_id"])
    }
}
