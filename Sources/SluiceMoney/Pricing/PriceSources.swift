import SluiceTypes

/// Where prices are looked for, in this order: what was set at run time, the row's own, the tables.
public struct PriceSources: Sendable {
    /// What was set at run time for the provider.
    public var set: PriceList?
    /// The row's own prices.
    public var row: PriceList?
    /// The operator's table, then the one that is built in.
    public var tables: [PriceTable]
    /// Whose list in the tables counts; nil where the row names none and its host belongs to none.
    public var list: String?

    /// Takes all four.
    public init(set: PriceList? = nil, row: PriceList? = nil, tables: [PriceTable], list: String?) {
        self.set = set
        self.row = row
        self.tables = tables
        self.list = list
    }

    /// Whether any of them has the model.
    public func knows(_ model: String) -> Bool {
        let name = model.lowercased()
        if set?.find(name) != nil || row?.find(name) != nil { return true }
        guard let list else { return false }
        return tables.contains { $0.find(model, in: list) != nil }
    }

    /// Finds the model that has one of these names, the first before the second, as its prices are at a moment.
    ///
    /// A source is asked for all names before the next one is: who sets a price for the name in the request means it, whatever
    /// the provider calls its answer. What was set, and what the row has, is passed over where it does not hold at that moment.
    ///
    /// - Throws: ``UnpricedReason/model``, or ``UnpricedReason/list`` where there is no list to look in.
    func find(
        _ names: [String],
        at moment: Timestamp
    ) throws(UnpricedReason) -> (found: FoundModel, origin: PriceOrigin) {
        for (list, origin) in [(set, PriceOrigin.set), (row, PriceOrigin.row)] {
            guard let list else { continue }
            for name in names {
                guard let found = list.find(name.lowercased()),
                    let dated = found.model.prices.last(where: { $0.validity.holds(at: moment) })
                else { continue }
                if let like = dated.like {
                    // What is asked behind these: nobody is like himself.
                    let behind = PriceSources(row: origin == .set ? row : nil, tables: tables, list: self.list)
                    return (try behind.find([like], at: moment).found, origin)
                }
                let model = FoundModel(
                    model: found.model,
                    list: list.id,
                    isExact: true,
                    isBorrowed: false,
                    version: nil
                )
                return (model, origin)
            }
        }
        guard let list else { throw .list }
        for table in tables {
            for name in names {
                guard let found = table.find(name, in: list) else { continue }
                return (found, found.isExact || !Promise.partIsApproximate.holds ? .table : .approximate)
            }
        }
        throw .model
    }
}
