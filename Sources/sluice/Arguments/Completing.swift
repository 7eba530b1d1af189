import ArgumentParser
import SluiceJSON
import SluiceTypes

/// What a shell completes where a value is wanted: words that are always the same, and names that the running server has.
///
/// Nothing is said where no server runs: a shell has to be answered at once, and a store is not opened for that.
enum Completing {
    static let status = CompletionKind.list(JobState.allCases.map(\.rawValue))
    static let errorClass = CompletionKind.list(ErrorClass.allCases.map(\.rawValue))
    static let scope = CompletionKind.list(Scope.allCases.map(\.rawValue))
    static let lane = CompletionKind.list(Lane.allCases.map(\.rawValue))
    static let type = CompletionKind.list(Operation.allCases.map(\.rawValue))

    /// The models that rows name, without patterns.
    static let model = CompletionKind.custom { words, _, _ in
        await names(words, .get("providers"), "rows", "models").filter { !$0.contains("*") }
    }

    static let row = CompletionKind.custom { words, _, _ in await names(words, .get("providers"), "rows", "name") }
    static let owner = CompletionKind.custom { words, _, _ in await names(words, .get("owners"), "owners", "name") }

    /// A clause of help that names all words of an enumeration.
    static func among<Word: CaseIterable & RawRepresentable>(_: Word.Type) -> String where Word.RawValue == String {
        Word.allCases.map(\.rawValue).joined(separator: ", ")
    }

    /// What stands under `member` in each object of the list `list`: a text, or texts.
    private static func names(
        _ words: [String],
        _ call: AdminCall,
        _ list: String,
        _ member: String
    ) async -> [String] {
        let joined = "--data="
        let flag =
            words.last { $0.hasPrefix(joined) }.map { String($0.dropFirst(joined.count)) }
            ?? words.firstIndex(of: "--data").flatMap { words.dropFirst($0 + 1).first }
        guard let directory = try? SettingsReader().value(Settings.data, flag: flag),
            let client = try? AdminClient.online(directory: directory),
            let answer = try? await client.send(call)
        else { return [] }
        let values = answer.root[key: list]?.elements.compactMap { $0[key: member] } ?? []
        let texts = values.flatMap { value in value.string.map { [$0] } ?? value.elements.compactMap(\.string) }
        return Set(texts.filter(isPlain)).sorted()
    }

    /// Whether a shell takes a name for what it is.
    ///
    /// Bash expands what it is told, so that a name with `$(` in it would be run.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("-")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._:/@+-".utf8.contains(byte)
                }
            }
    }
}
