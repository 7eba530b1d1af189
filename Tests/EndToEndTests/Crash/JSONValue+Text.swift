import SluiceJSON
import SluiceTesting

extension JSONValue {
    /// What an object of OpenAI's Responses says; nil where it says nothing.
    var responseText: String? { self[key: "output"]?[0]?[key: "content"]?[0]?[key: "text"]?.string }

    /// What a whole answer in a format says; nil where it says nothing.
    func text(as format: ChatFormat) -> String? {
        switch format {
        case .chat: self[key: "choices"]?[0]?[key: "message"]?[key: "content"]?.string
        case .messages: self[key: "content"]?[0]?[key: "text"]?.string
        case .responses: responseText
        }
    }
}
