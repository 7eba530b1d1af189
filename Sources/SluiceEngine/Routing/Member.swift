import SluiceProvider
import SluiceTypes

/// One credential of one row: what a call is made with.
final class Member: Sendable {
    let loaded: LoadedRow
    /// Nil for a row that needs none.
    let credential: Credential?
    /// By which the router knows it.
    let number: Int
    let account: Int
    /// Who is behind it, as attempts remember it.
    let accountID: AccountID
    /// Nil for an adapter that makes no calls.
    let origin: Int?
    /// Its part of the row's weight.
    let weight: Double
    /// By which sessions find it again, after a restart too.
    let seed: UInt64

    init(
        _ loaded: LoadedRow,
        _ credential: Credential?,
        number: Int,
        account: Int,
        accountID: AccountID,
        origin: Int?,
        weight: Double,
        seed: UInt64
    ) {
        self.loaded = loaded
        self.credential = credential
        self.number = number
        self.account = account
        self.accountID = accountID
        self.origin = origin
        self.weight = weight
        self.seed = seed
    }

    var row: ProviderRow { loaded.row }

    /// Whether it has what it needs.
    var isSetUp: Bool { row.unavailable == nil && (credential == nil || credential?.secret != nil) }
}
