/// What an item is to whoever carries it into another request.
///
/// Source: the API reference of OpenAI, "Create a model response", `input`; its SDK for Python 3.57, `response_input_item_param`.
enum ResponsesItemKind {
    /// It says all of itself to everybody, as a message does.
    case plain
    /// It names another item by its id.
    case reference
    /// A call of a tool that the caller runs.
    case call
    /// What a tool gave back.
    case result
    case reasoning
    /// A conversation in short, which only the account can read that wrote it.
    case compaction
    /// The wish for a compaction, which is for the end of one input.
    case compactionTrigger
    /// It is whole in itself, and for the account alone that wrote it.
    case bound
    /// It is a tool's that the provider ran itself, and leans on what is kept there: a container, a file, an approval.
    case hosted
    /// The provider asks whether a tool may run.
    case approvalRequest
    /// The caller says whether it may.
    case approvalResponse
    /// Nobody here knows it.
    case unknown

    /// What an item of this type is; some of the same type are something else (``ResponsesItem``).
    init(type: String) {
        switch type {
        case "message", "additional_tools", "configuration_update": self = .plain
        case "item_reference": self = .reference
        case "function_call", "custom_tool_call", "computer_call", "local_shell_call", "shell_call", "apply_patch_call",
            "tool_search_call":
            self = .call
        case "function_call_output", "custom_tool_call_output", "computer_call_output", "local_shell_call_output",
            "shell_call_output", "apply_patch_call_output", "tool_search_output":
            self = .result
        case "reasoning": self = .reasoning
        case "compaction", "compaction_summary", "context_compaction": self = .compaction
        case "compaction_trigger": self = .compactionTrigger
        // A search tells what it looked for, and a program has a fingerprint for being sent back; clients without state send both.
        case "web_search_call", "program", "program_output": self = .bound
        case "file_search_call", "code_interpreter_call", "image_generation_call", "mcp_call", "mcp_list_tools":
            self = .hosted
        case "mcp_approval_request": self = .approvalRequest
        case "mcp_approval_response": self = .approvalResponse
        default: self = .unknown
        }
    }
}
