/// The name of a fixture's file: what it is called, and what kind of file it is.
struct FixtureName: Hashable {
    /// The kinds, by the ends of their files' names.
    enum Kind: String, CaseIterable {
        case request = "request.json"
        case call = "call.json"
        case answer = "answer.json"
        case fault = "fault.json"
        case response = "response.http"
        case events = "events.json"

        /// The kinds of which one must stand beside this one.
        var partners: [Kind] {
            switch self {
            case .request: [.call, .answer, .fault]
            case .call, .answer, .fault: [.request]
            case .response: [.events]
            case .events: [.response]
            }
        }
    }

    let name: String
    let kind: Kind

    /// Reads a file's name; nil when it ends like no fixture's.
    init?(_ file: String) {
        guard let kind = Kind.allCases.first(where: { file.hasSuffix(".\($0.rawValue)") }) else { return nil }
        self.kind = kind
        name = String(file.dropLast(kind.rawValue.count + 1))
    }

    /// The file, relative to the plugin's folder.
    var path: String { "Fixtures/\(name).\(kind.rawValue)" }

    static func path(_ name: String, _ kind: Kind) -> String { "Fixtures/\(name).\(kind.rawValue)" }
}
