import SluiceProvider
import SluiceTypes

/// A member, and the model that it may be asked for: one way in which a request can be answered.
final class Choice: Sendable {
    let member: Member
    /// The model by the name that callers use: the one that was asked for, a fallback, or what stands behind an alias.
    let model: String
    /// The model's name as the provider knows it.
    let upstream: String
    /// Lower ones are asked first.
    let tier: Int
    /// Its part of the calls among those of its tier.
    let weight: Double
    /// Whether the caller has named the model: it is none that may answer in its place, and none behind an alias.
    let isNamed: Bool
    /// By which it is known to have been asked.
    let name: ChoiceName

    init(_ member: Member, _ model: String, tier: Int, weight: Double, isNamed: Bool) {
        self.member = member
        self.isNamed = isNamed
        self.model = model
        self.tier = tier
        self.weight = weight
        upstream = member.row.upstreamName(of: model)
        name = ChoiceName(row: member.row.name, credential: member.credential?.slot, upstream: upstream)
    }

    /// Whether it may be told the earlier turns of a conversation that another account, or this one, has answered.
    func mayBeTold(historyOf account: String?) -> Bool {
        isNamed || member.row.statePolicy.receivesHistory == true || member.accountID.description == account
            || !Promise.historyStays.holds
    }
}
