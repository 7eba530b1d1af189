import SluiceTypes

/// Permits that are set aside for a group's jobs, before anybody knows which jobs those are.
struct Reservation: Sendable {
    /// For jobs of whoever is not named.
    var permits: [Permit] = []
    /// On other members, for those of them that have failed before.
    var alternates: [Permit] = []
    /// For the jobs of owners for whom something alone is shut, or was: no others are for these.
    var named: [OwnerID: [Permit]] = [:]
    /// How long until a member that is shut may open by itself, where there are no permits.
    var opensIn: Duration?

    var isEmpty: Bool { permits.isEmpty && named.values.allSatisfy(\.isEmpty) }

    /// All of them.
    var all: [Permit] { permits + alternates + named.values.joined() }

    /// The owners for whom some are set aside.
    var owners: Set<OwnerID> { Set(named.filter { !$0.value.isEmpty }.keys) }

    /// How many jobs can be served with them.
    var count: Int { permits.count + named.values.reduce(0) { $0 + $1.count } }
}
