import SluiceProvider
import SluiceTypes

/// The pools of the routes that were asked for, remembered until the next reload.
struct PoolCache: Sendable {
    /// Callers choose names where a row serves patterns, so there is a limit to how many are kept.
    static let most = 4096

    private let members: [Member]
    private let aliases: [String: [ModelAlias.Target]]
    private var pools: [RouteKey: Pool] = [:]
    private var lines: [[Int]: Int] = [:]

    init(_ members: [Member], _ aliases: [ModelAlias]) {
        self.members = members
        self.aliases = Dictionary(aliases.map { ($0.name, $0.targets) }) { first, _ in first }
    }

    /// Who may answer; nobody where no row serves any model of the route, or none can be asked in that format.
    mutating func pool(_ key: RouteKey) -> Pool {
        if let pool = pools[key] { return pool }
        let choices = choices(key)
        let numbers = choices.map(\.member.number)
        let line = lines[numbers] ?? lines.count
        lines[numbers] = line
        let pool = Pool(choices, line: line)
        if pools.count >= PoolCache.most { pools = [:] }
        pools[key] = pool
        return pool
    }

    /// One that was found, with its place among all of them.
    private typealias Found = (rank: [Int], choice: (_ tier: Int) -> Choice)

    /// Everyone once, model by model, and within one by the priorities of its targets and then of the rows.
    private func choices(_ key: RouteKey) -> [Choice] {
        let route = ModelRoute(text: key.route)
        var found: [Found] = []
        var seen: Set<ChoiceName> = []
        for (place, name) in route.models.enumerated() {
            let targets = aliases[name] ?? [ModelAlias.Target(name)]
            for target in targets {
                let fitting = fitting(key, target.model)
                let all = targets.count > 1 ? fitting.reduce(0) { $0 + $1.weight } / Double(target.weight) : 1
                for member in fitting {
                    let rank = [place, target.priority, member.row.priority]
                    let isNamed = place == 0 && aliases[name] == nil
                    let make = {
                        Choice(member, target.model, tier: $0, weight: member.weight / all, isNamed: isNamed)
                    }
                    guard seen.insert(make(0).name).inserted else { continue }
                    found.append((rank, make))
                }
            }
        }
        // The sort is stable.
        var sorted = found.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }
        if route.isBound { sorted = PoolCache.ofOneAccount(sorted) }
        var tier = 0
        return sorted.enumerated().map { index, one in
            if index > 0, one.rank != sorted[index - 1].rank { tier += 1 }
            return one.choice(tier)
        }
    }

    /// Those of the first account that has its key: what is named is held there, and nobody else would know it.
    private static func ofOneAccount(_ found: [Found]) -> [Found] {
        let members = found.map { $0.choice(0).member }
        let first = members.first(where: \.isSetUp) ?? members.first
        return zip(found, members).filter { $0.1.account == first?.account }.map(\.0)
    }

    /// The members that fit `model` best.
    private func fitting(_ key: RouteKey, _ model: String) -> [Member] {
        var found: [Member] = []
        var best = ModelFit.pattern(0)
        let mustShare = key.isBound && Promise.stateOfOneOwner.holds
        for member in members where member.row.takes(key.operation, in: key.format) {
            if mustShare, !member.row.statePolicy.isShared { continue }
            guard let fit = member.row.closeness(to: model), fit >= best else { continue }
            if fit > best { found = [] }
            best = fit
            found.append(member)
        }
        return found
    }
}
