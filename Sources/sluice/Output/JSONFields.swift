import SluiceJSON
import SluiceTypes

/// The members of an answer that somebody asks for, by their names.
struct JSONFields {
    private let names: [String]

    /// - Parameter text: as in `id,status`.
    init(_ text: String) {
        names = text.split(separator: ",").map { $0.trimmingSpaces }
    }

    /// `root` with those members alone: of each element where it is a list, beside which all else of it stays.
    ///
    /// - Throws: ``Failure`` for a member that none has, with those that there are.
    func picked(from root: JSONValue) throws(Failure) -> [UInt8] {
        let lists = root.members.filter {
            $0.value.kind == .array && $0.value.elements.allSatisfy { $0.kind == .object }
        }
        guard lists.count == 1, let list = lists.first, !root.members.contains(where: { names.contains($0.key) }) else {
            try check(root.members.map(\.key))
            return JSONWriter.bytes { write(root, to: &$0) }
        }
        if !list.value.elements.isEmpty { try check(list.value.elements.flatMap { $0.members.map(\.key) }) }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                for member in root.members {
                    guard member.key == list.key else {
                        writer.member(member.key, RawJSON(member.value.bytes))
                        continue
                    }
                    writer.member(
                        member.key,
                        array: { array in for element in list.value.elements { write(element, to: &array) } }
                    )
                }
            }
        }
    }

    private func write(_ object: JSONValue, to writer: inout JSONWriter) {
        writer.object { writer in
            for name in names { writer.member(name, object[key: name].map { RawJSON($0.bytes) }) }
        }
    }

    private func check(_ known: [String]) throws(Failure) {
        for name in names where !known.contains(name) {
            let all = Array(Set(known)).sorted()
            let meant = Suggestion.nearest(to: name, among: all).map { "; did you mean \($0)?" } ?? ""
            throw Failure(
                "The answer has no member \(Printable.line(String(name.prefix(64))))\(meant.isEmpty ? "." : meant) It has: \(all.joined(separator: ", "))."
            )
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
