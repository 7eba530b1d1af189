import Foundation
import SluiceDialects
import SluiceTypes
import Testing

/// A file of `ThreadFixtures/`: turns with their answers, a call, the body that shall come of them, and what is left out of it.
///
/// Lines that begin with `---` name what follows: `turn own` or `turn foreign`, `answer` or `answer events`, `call`, `body`, `dropped`.
/// The head's lines begin with `#`, and one names the source.
struct ThreadFixture: CustomTestStringConvertible {
    var name: String
    var turns: [ResponsesTurn] = []
    var call: [UInt8] = []
    var body = ""
    var dropped: [String] = []

    var testDescription: String { name }

    /// The job of a turn, counted from 1: 16 bytes that are all its number.
    static func job(_ turn: Int) -> JobID {
        JobID(bytes: [UInt8](repeating: UInt8(turn), count: 16)) ?? JobID.generate(at: Timestamp(milliseconds: 0))
    }

    /// All fixtures, in the order of their names.
    static var all: [ThreadFixture] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "ThreadFixtures")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.lastPathComponent < $1.lastPathComponent }.compactMap { file in
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
            return ThreadFixture(file.lastPathComponent, text)
        }
    }

    private init?(_ name: String, _ text: String) {
        self.name = name
        let parts = text.components(separatedBy: "\n--- ")
        guard parts[0].split(separator: "\n").contains(where: { $0.hasPrefix("# Source: ") }) else { return nil }
        for part in parts.dropFirst() {
            let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard let title = lines.first else { return nil }
            let content = (lines.count > 1 ? String(lines[1]) : "").trimmingCharacters(in: .newlines)
            let bytes = Array(content.utf8)
            switch title {
            case "turn own", "turn foreign":
                let job = ThreadFixture.job(turns.count + 1)
                turns.append(
                    ResponsesTurn(job: job, input: bytes, output: .events([]), sharesAccount: title == "turn own")
                )
            case "answer": turns[turns.count - 1].output = .object(bytes)
            case "answer events":
                turns[turns.count - 1].output = .events(content.split(separator: "\n").map { Array($0.utf8) })
            case "call": call = bytes
            case "body": body = content
            case "dropped": dropped = content.split(separator: " ").map(String.init)
            default: return nil
            }
        }
    }
}
