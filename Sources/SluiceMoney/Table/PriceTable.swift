/// A table of prices, by provider and model.
public struct PriceTable: Sendable {
    /// Where it comes from.
    public let source: PriceTableSource
    /// The providers' lists, in the order of the table.
    public let lists: [PriceList]
    private let byID: [String: Int]

    init(source: PriceTableSource, lists: [PriceList]) {
        self.source = source
        self.lists = lists
        byID = [String: Int](lists.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    /// The list of a provider, nil where the table has none of that name.
    public func list(named id: String) -> PriceList? {
        byID[id].map { lists[$0] }
    }

    /// The list for an address, the first that fits: a host without its port, and the path after it, as in
    /// `router.huggingface.co/groq/v1`.
    public func list(at address: String) -> PriceList? {
        var address = address.lowercased()
        while address.hasSuffix("/") { address.removeLast() }
        // A pattern ends where a part of the path does.
        var starts: [[UInt8]] = []
        let bytes = Array(address.utf8)
        for (place, byte) in bytes.enumerated() where byte == UInt8(ascii: "/") {
            starts.append(Array(bytes[..<place]))
        }
        starts.append(bytes)
        return lists.first { list in
            list.addresses.contains { pattern in starts.contains { pattern.fit($0) > .none } }
        }
    }

    /// Finds a model by the name that a call or an answer has for it, in a provider's list or those it serves too.
    ///
    /// By id, then by clause; where nothing fits, once more with dashes in the name's date.
    public func find(_ name: String, in list: String) -> FoundModel? {
        guard let own = self.list(named: list) else { return nil }
        let name = name.lowercased()
        var names = [name]
        if let dashed = NameDate.dashed(Array(name.utf8)) { names.append(String(decoding: dashed, as: UTF8.self)) }
        for name in names {
            if let found = own.find(name) {
                return FoundModel(
                    model: found.model,
                    list: own.id,
                    isExact: found.fit == .exact,
                    isBorrowed: false,
                    version: source.version
                )
            }
            for other in own.also {
                guard let list = self.list(named: other), let found = list.find(name) else { continue }
                return FoundModel(
                    model: found.model,
                    list: list.id,
                    isExact: found.fit == .exact,
                    isBorrowed: true,
                    version: source.version
                )
            }
        }
        return nil
    }

    /// Whether any of its lists has a model of that name.
    public func knows(_ name: String) -> Bool {
        lists.contains { find(name, in: $0.id) != nil }
    }
}
