import Foundation
import SluiceTypes
import Testing

/// A file of `HubFixtures/`: a head, what a caller or provider says, and what the hub makes of it, between lines of `---`.
///
/// The head's lines begin with `#`; the first names the format, the others the vendor's page, the date and what is tried.
struct HubFixture: CustomTestStringConvertible {
    /// What stands between head and outline.
    enum Kind: String {
        case request
        case answer
        case stream
    }

    var name: String
    var format: RequestFormat
    var body: [UInt8]
    var outline: String

    var testDescription: String { name }

    /// All fixtures of a kind, in the order of their names.
    static func all(_ kind: Kind) -> [HubFixture] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "HubFixtures")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.lastPathComponent < $1.lastPathComponent }
            .filter { $0.lastPathComponent.hasSuffix(".\(kind.rawValue).txt") }
            .compactMap { file in
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
                return HubFixture(file.lastPathComponent, text)
            }
    }

    private init?(_ name: String, _ text: String) {
        let sections = text.components(separatedBy: "\n---\n")
        let head = sections[0].split(separator: "\n")
        guard sections.count == 3, head.count >= 3, head.allSatisfy({ $0.hasPrefix("# ") }),
            head.contains(where: { $0.hasPrefix("# Source: ") }),
            let format = RequestFormat(rawValue: String(head[0].dropFirst(2)))
        else { return nil }
        self.name = name
        self.format = format
        body = Array(sections[1].utf8)
        outline = sections[2].trimmingCharacters(in: .newlines)
    }
}
