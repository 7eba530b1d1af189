/// The models of one provider.
public struct PriceList: Sendable {
    /// The provider's name in the table.
    public let id: String
    /// The lists whose models this provider serves too, at their makers' prices.
    public let also: [String]
    /// The models, in the order of the table: of those that fit a name the first counts.
    public let models: [PricedModel]
    let addresses: [NamePattern]
    private let byID: [String: Int]
    /// The first model whose clause is just a name.
    private let byName: [String: Int]
    /// The models that have patterns with wildcards.
    private let wild: [Int]

    init(id: String, addresses: [NamePattern] = [], also: [String] = [], models: [PricedModel]) {
        self.id = id
        self.addresses = addresses
        self.also = also
        self.models = models
        var byID: [String: Int] = [:]
        var byName: [String: Int] = [:]
        var wild: [Int] = []
        for (index, model) in models.enumerated() {
            byID[model.id.lowercased()] = index
            for clause in model.clauses {
                if clause.patterns.count == 1, let name = clause.patterns[0].literal {
                    if byName[name] == nil { byName[name] = index }
                } else if wild.last != index {
                    wild.append(index)
                }
            }
        }
        self.byID = byID
        self.byName = byName
        self.wild = wild
    }

    /// Finds the model of a name in lower case: by its id, else the first of which a clause fits.
    func find(_ name: String) -> (model: PricedModel, fit: NameFit)? {
        if let index = byID[name] { return (models[index], .exact) }
        let named = byName[name]
        let bytes = Array(name.utf8)
        for index in wild {
            if let named, index >= named { break }
            let fit = models[index].fit(bytes)
            if fit > .none { return (models[index], fit) }
        }
        return named.map { (models[$0], .exact) }
    }
}
