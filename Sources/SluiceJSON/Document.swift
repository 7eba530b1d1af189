/// JSON text as it was received, checked by jansson, with an index of every value in it.
///
/// Reading decodes; what passes through is copied from ``bytes`` and so keeps its spelling: `0.7`, `1E2`, `\/` and
/// integers beyond 64 bits leave as they came.
public struct Document: Sendable {
    let storage: Storage

    /// What a document and the cursors into it share: nothing in it ever changes, so any thread may read it.
    final class Storage: Sendable {
        let text: [UInt8]
        let tape: Tape
        let limits: JSONLimits

        init(text: [UInt8], tape: Tape, limits: JSONLimits) {
            self.text = text
            self.tape = tape
            self.limits = limits
        }
    }

    /// The text.
    public var bytes: [UInt8] { storage.text }

    /// Checks and indexes `bytes`.
    ///
    /// - Throws: ``JSONError`` for anything but one JSON value in UTF-8 within `limits` and without duplicate keys.
    public init(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
        try self.init(indexing: bytes, limits: limits)
        try judge()
    }

    /// Has jansson judge an indexed text, as ``init(_:limits:)`` does; its tree takes about ``treeBytes`` meanwhile.
    ///
    /// - Throws: ``JSONError`` for duplicate keys, and for a number beyond any double.
    public func judge() throws(JSONError) {
        guard !Jansson.accepts(bytes, hasBigInteger: storage.tape.hasBigInteger) else { return }
        throw JSONError(storage.tape.refusal(of: bytes), in: bytes)
    }

    /// About how many bytes jansson's tree of it takes, and its index here: 64 a scalar, 320 an array or object.
    public var treeBytes: Int {
        (storage.tape.entries.count - storage.tape.containers) * 64 + storage.tape.containers * 320
    }

    /// Indexes a text without asking jansson, which takes ten times as long: for what jansson has accepted before, whole or
    /// in parts, and for what providers answer, which nobody but its reader relies on.
    ///
    /// The scanner leaves two faults to jansson, so that in such an answer the first of two members with one name counts,
    /// and a number may be larger than any double.
    ///
    /// - Throws: ``JSONError`` for anything but one JSON value in UTF-8 within `limits`.
    public init(indexing text: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
        do throws(Fault) {
            storage = Storage(text: text, tape: try Scanner.index(of: text, limits: limits), limits: limits)
        } catch {
            throw JSONError(error, in: text)
        }
    }

    /// The outermost value.
    public var root: JSONValue { JSONValue(storage: storage, index: 0) }
}

extension Document: CustomStringConvertible, CustomReflectable {
    /// The size alone: texts hold prompts, which belong in no log.
    public var description: String { "JSON text of \(bytes.count) bytes" }

    /// Shows nothing of the text.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Tape {
    /// Finds, for a text that jansson has refused, the first of the faults that the scanner leaves to jansson.
    func refusal(of text: [UInt8]) -> Fault {
        struct Name: Hashable {
            let object: Int32
            let key: [UInt8]
        }
        var seen = Set<Name>()
        for entry in entries {
            if entry.keyStart > 0, !seen.insert(Name(object: entry.parent, key: entry.decodedKey(text))).inserted {
                let name = String(decoding: entry.decodedKey(text).prefix(64), as: UTF8.self)
                let sentence = "a member's name occurs twice in one object"
                return Fault(.duplicateKey, sentence, name: name, at: entry.keyStart - 1)
            }
            if entry.kind == .number, entry.double(text)?.isFinite != true {
                return Fault(.numberOutOfRange, "a number is too large for a double", at: entry.start)
            }
        }
        return Fault(.syntax, "the JSON parser refused the text")
    }
}
