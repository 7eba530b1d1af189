import Foundation
import SluiceJSON
import Testing

/// The Python with OpenAI's SDK and LangChain, and the programs in `Tests/python`.
enum Python {
    /// What one run of a program told, by the name of the check.
    typealias Seen = [String: JSONValue]

    private enum Place {
        case interpreter(String)
        case missing(String)
    }

    private static let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()

    // Unstructured, since all tests share the one that is made, whichever comes first.
    private static let place = Task { try await make() }

    /// Runs a program to its end.
    ///
    /// Where PyPI can't be reached, the test is given up with that as its reason: it has not passed.
    ///
    /// - Parameters:
    ///   - program: its name in `Tests/python`, without the ending.
    ///   - arguments: what it is given.
    ///   - url: the base URL that the SDK is told.
    ///   - key: the API key that the SDK is told.
    /// - Returns: what it told.
    /// - Throws: ``HarnessError`` when the program failed, which is always the program's own fault.
    static func run(_ program: String, _ arguments: String..., at url: String, key: String) async throws -> Seen {
        let interpreter: String
        switch try await place.value {
        case .interpreter(let path): interpreter = path
        case .missing(let reason): try Test.cancel("\(reason)")
        }
        let command = try Command(
            // No compiled files beside the sources.
            ["-B", "\(root)/Tests/python/\(program).py"] + arguments,
            program: interpreter,
            environment: ["OPENAI_BASE_URL": url, "OPENAI_API_KEY": key, "LANGSMITH_TRACING": "false"]
        )
        guard await command.ended() == 0 else { throw HarnessError("\(program).py failed: \(command.errors.text)") }
        var seen = Seen()
        for line in command.output.all {
            let value = try Document(Array(line.utf8)).root
            if let check = value[key: "check"]?.string { seen[check] = value }
        }
        return seen
    }

    private static func make() async throws -> Place {
        // With the whole environment: it may name a proxy, certificates or a mirror.
        let environment = ProcessInfo.processInfo.environment
        let command = try Command([], program: "\(root)/scripts/python.sh", environment: environment)
        switch await command.ended() {
        case 0: return .interpreter(command.output.all.last ?? "")
        case 69: return .missing(command.errors.all.last ?? "")
        default: throw HarnessError("scripts/python.sh failed: \(command.errors.text)")
        }
    }
}

extension JSONValue {
    /// The strings of an array.
    var strings: [String] { elements.compactMap(\.string) }
}
