import SluiceJSON

extension PriceTable {
    /// Reads a table that an operator gives, in the form of the built-in one.
    ///
    /// - Throws: ``PriceTableFault`` with the place of what can't be taken: broken JSON, a member that isn't known, a negative
    ///   price, a name that occurs twice.
    public init(json bytes: [UInt8]) throws(PriceTableFault) {
        let document: Document
        do throws(JSONError) {
            document = try Document(bytes)
        } catch {
            throw PriceTableFault(error.message, position: error.position)
        }
        try self.init(reading: document.root)
    }

    init(reading root: JSONValue) throws(PriceTableFault) {
        var table = try TableObject(root)
        guard try table.integer("format") == 1 else {
            throw PriceTableFault("the format is another than 1", at: root[key: "format"] ?? root)
        }
        let source = try PriceTable.source(try table.required("source"))
        var lists: [PriceList] = []
        var names = Set<String>()
        for value in try table.array("lists") {
            let list = try PriceList(reading: value)
            guard names.insert(list.id).inserted else {
                throw PriceTableFault("a second list is called \(list.id.prefix(64))", at: value)
            }
            lists.append(list)
        }
        try table.end()
        for list in lists {
            for other in list.also where !names.contains(other) {
                throw PriceTableFault(
                    "the list \(list.id.prefix(64)) goes on in \(other.prefix(64)), which is not there",
                    at: root
                )
            }
        }
        self.init(source: source, lists: lists)
    }

    private static func source(_ value: JSONValue) throws(PriceTableFault) -> PriceTableSource {
        var object = try TableObject(value)
        let source = PriceTableSource(
            package: try object.string("package") ?? "",
            version: try object.string("version") ?? "",
            uploaded: try object.string("uploaded"),
            newest: try object.string("newest")
        )
        // For who wants to find the package again; nothing here asks for them.
        _ = object.take("wheel")
        _ = object.take("second")
        try object.end()
        return source
    }
}
