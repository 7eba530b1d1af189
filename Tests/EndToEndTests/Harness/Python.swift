import Foundation
import SluiceJSON
import Testing

/// The Python with the SDKs of OpenAI and Anthropic and LangChain, and the programs in `Tests/python`.
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
    ///   - url: where the SDKs' base URLs begin, without `/v1`.
    ///   - key: the API key that the SDKs are told.
    /// - Returns: what it told.
    /// - Throws: ``HarnessError`` when the program failed, which is always the program's own fault.
    static func run(_ program: String, _ arguments: [String], at url: String, key: String) async throws -> Seen {
        let interpreter = try await interpreter()
        let command = try Command(
            // No compiled files beside the sources.
            ["-B", "\(root)/Tests/python/\(program).py"] + arguments,
            program: interpreter,
            environment: [
                "OPENAI_BASE_URL": "\(url)/v1", "OPENAI_API_KEY": key, "LANGSMITH_TRACING": "false",
                "ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": key,
            ]
        )
        guard await command.ended() == 0 else { throw HarnessError("\(program).py failed: \(command.errors.text)") }
        var seen = Seen()
        for line in command.output.all {
            let value = try Document(Array(line.utf8)).root
            if let check = value[key: "check"]?.string { seen[check] = value }
        }
        return seen
    }

    /// The files with which the makers of an SDK test it: their texts, by their names without folder and ending.
    ///
    /// They come from the SDK's source archive on PyPI, as the SDK itself does; without it the test is given up.
    ///
    /// - Parameters:
    ///   - sdk: the SDK's name on PyPI.
    ///   - ending: how the names of the files end.
    /// - Returns: the texts.
    /// - Throws: ``HarnessError`` when there are none, which is what it would come to if the archive were laid out anew.
    static func sources(of sdk: String, ending: String) async throws -> [String: String] {
        let interpreter = try await interpreter()
        let folder = URL(fileURLWithPath: interpreter).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("sources")
        var texts: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            guard name.hasPrefix("\(sdk)-"), name.hasSuffix(ending) else { continue }
            let file = folder.appendingPathComponent(name)
            texts[file.deletingPathExtension().lastPathComponent] = try String(contentsOf: file, encoding: .utf8)
        }
        guard !texts.isEmpty else {
            throw HarnessError("no files of \(sdk) that end in \(ending), below \(folder.path)")
        }
        return texts
    }

    private static func interpreter() async throws -> String {
        switch try await place.value {
        case .interpreter(let path): return path
        case .missing(let reason): try Test.cancel("\(reason)")
        }
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
