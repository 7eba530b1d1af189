public import SluiceJSON

/// What a row does to OpenAI's request body before its adapter sees it.
public struct Parameters: Sendable, Hashable {
    /// Values for members the caller did not send, as JSON text, in the file's order.
    public var defaults: [Member]
    /// The least values, as JSON numbers.
    public var minimums: [Member]
    /// The greatest values, as JSON numbers.
    public var maximums: [Member]
    /// Members that are not sent.
    public var drop: [String]
    /// Names that change, from ours to the provider's.
    public var rename: [Rename]

    /// A member's name and a value as JSON text.
    public struct Member: Sendable, Hashable {
        /// The member's name.
        public var name: String
        /// JSON text.
        public var value: [UInt8]

        /// Creates a pair.
        public init(_ name: String, _ value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// A member's old and new name.
    public struct Rename: Sendable, Hashable {
        /// The name as it comes.
        public var from: String
        /// The name as it is sent.
        public var to: String

        /// Creates a pair.
        public init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    /// Creates a set of changes; without arguments one that changes nothing.
    public init(
        defaults: [Member] = [],
        minimums: [Member] = [],
        maximums: [Member] = [],
        drop: [String] = [],
        rename: [Rename] = []
    ) {
        self.defaults = defaults
        self.minimums = minimums
        self.maximums = maximums
        self.drop = drop
        self.rename = rename
    }

    /// The edits that bring these changes to `body`, in the order default, least and greatest, drop, rename.
    ///
    /// A number within its bounds keeps the caller's spelling; a member that is no number has none.
    public func edits(for body: Document) -> [MemberEdit] {
        var edits: [MemberEdit] = []
        var values: [String: [UInt8]] = [:]
        for member in defaults where body.root[key: member.name] == nil {
            values[member.name] = member.value
            edits.append(.set(member.name, member.value))
        }
        for bound in minimums {
            guard let value = number(bound.name, values, body), let least = Parameters.number(bound.value),
                value < least
            else { continue }
            values[bound.name] = bound.value
            edits.append(.set(bound.name, bound.value))
        }
        for bound in maximums {
            guard let value = number(bound.name, values, body), let most = Parameters.number(bound.value), value > most
            else { continue }
            values[bound.name] = bound.value
            edits.append(.set(bound.name, bound.value))
        }
        edits += drop.map { .remove($0) }
        edits += rename.map { .rename($0.from, to: $0.to) }
        return edits
    }

    private func number(_ name: String, _ values: [String: [UInt8]], _ body: Document) -> Double? {
        if let value = values[name] { return Parameters.number(value) }
        return body.root[key: name]?.number
    }

    private static func number(_ text: [UInt8]) -> Double? {
        Double(String(decoding: text, as: UTF8.self))
    }
}
