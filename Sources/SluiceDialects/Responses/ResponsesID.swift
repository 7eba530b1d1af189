import SluiceJSON
public import SluiceTypes

/// The ids that the gateway itself gives to responses, and to items that were sent without one.
///
/// Source: the API reference of OpenAI, "The response object" and "List input items"; OpenAI refuses an item whose id begins with another
/// word than its type's.
public enum ResponsesID {
    private static let prefix = "resp_"

    /// The id of a job's response: `resp_` and the 32 hex digits of the job's id.
    public static func response(of job: JobID) -> String { prefix + digits(of: job) }

    /// The job that an id of this form names; nil for any other form.
    ///
    /// A provider may give ids of the same form, so that the form alone proves nothing.
    public static func job(in id: String) -> JobID? {
        let digits = id.utf8.dropFirst(prefix.utf8.count)
        guard id.hasPrefix(prefix), digits.count == 32 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return JobID(bytes: bytes)
    }

    /// The id of an item of a job's input that has none of its own: a word for its type, the job's 32 hex digits, and its place.
    ///
    /// Items of an answer have another underscore before their place, so that no two of a job are the same.
    static func item(_ type: String, of job: JobID, at place: Int) -> String {
        "\(words[type] ?? "item")_\(digits(of: job))\(place)"
    }

    private static func digits(of job: JobID) -> String {
        String(decoding: job.description.utf8.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }

    /// By the types of items, the words with which OpenAI's ids begin.
    private static let words = [
        "message": "msg", "reasoning": "rs", "function_call": "fc", "function_call_output": "fco",
        "custom_tool_call": "ctc", "custom_tool_call_output": "ctco", "computer_call": "cu",
        "computer_call_output": "cuo", "local_shell_call": "lsh", "local_shell_call_output": "lsho",
        "shell_call": "sh", "shell_call_output": "sho", "apply_patch_call": "apc", "apply_patch_call_output": "apco",
        "tool_search_call": "tsc", "tool_search_output": "tso", "web_search_call": "ws", "file_search_call": "fs",
        "code_interpreter_call": "ci", "image_generation_call": "ig", "mcp_call": "mcp", "mcp_list_tools": "mcpl",
        "mcp_approval_request": "mcpr", "mcp_approval_response": "mcpa", "compaction": "cmp", "additional_tools": "at",
    ]
}
