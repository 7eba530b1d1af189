import Crypto
import Glibc

/// Where a session goes: to the same member each time, as long as it is ready and not much fuller than the others.
///
/// Weighted rendezvous hashing: each member draws a number for the session, and the greatest wins; a member that goes takes
/// only its own sessions with it (Thaler and Ravishankar, 1998; weights by Schindelhauer and Schomaker, 2005).
enum Rendezvous {
    /// How far above its share of the calls under way a member may be.
    static let slack = 1.25
    /// How many calls beyond that make no difference.
    static let few = 8.0

    /// By which a member takes part.
    static func seed(_ row: String, _ account: AccountID) -> UInt64 {
        SHA256.hash(data: Array("\(row)\u{1F}\(account)".utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The first member for the session that has no more than its share of the calls under way; the first of all where each
    /// has more; `running` tells a member's calls under way.
    static func choose(_ session: UInt64, of choices: [Choice], _ pool: Pool, running: (Member) -> Int) -> Choice? {
        let all = Double(pool.choices.reduce(0) { $0 + running($1.member) })
        let weight = pool.choices.reduce(0) { $0 + $1.weight }
        let order = choices.map { ($0, score(session, $0)) }.sorted { $0.1 > $1.1 }.map(\.0)
        return order.first { Double(running($0.member)) <= slack * $0.weight / weight * all + few } ?? order.first
    }

    /// Greater for whom the session goes to.
    private static func score(_ session: UInt64, _ choice: Choice) -> Double {
        // A number above 0 and below 1 out of the upper 53 bits.
        let drawn = (Double(mixed(session ^ choice.member.seed) >> 11) + 0.5) / Double(1 << 53 as UInt64)
        return -choice.weight / log(drawn)
    }

    /// SplitMix64's finalizer: each bit depends on each.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
