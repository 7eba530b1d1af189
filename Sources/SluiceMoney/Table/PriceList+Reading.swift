import SluiceJSON

extension PriceList {
    init(reading value: JSONValue) throws(PriceTableFault) {
        var object = try TableObject(value)
        guard let id = try object.string("id"), !id.isEmpty else {
            throw PriceTableFault("a list has no id", at: value)
        }
        let addresses = try object.strings("hosts").map { NamePattern($0.lowercased()) }
        let also = try object.strings("also")
        var models: [PricedModel] = []
        var names = Set<String>()
        for value in try object.array("models") {
            let model = try PricedModel(reading: value)
            guard names.insert(model.id.lowercased()).inserted else {
                throw PriceTableFault("a second model is called \(model.id.prefix(64))", at: value)
            }
            models.append(model)
        }
        try object.end()
        self.init(id: id, addresses: addresses, also: also, models: models)
    }
}
