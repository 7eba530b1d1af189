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
    /// By which it is known to have been asked.
    let name: ChoiceName

    init(_ member: Member, _ model: String, tier: Int, weight: Double) {
        self.member = member
        self.model = model
        self.tier = tier
        self.weight = weight
        upstream = member.row.upstreamName(of: model)
        name = ChoiceName(row: member.row.name, credential: member.credential?.slot, upstream: upstream)
    }
}
