import SluiceProvider
import SluiceTypes

/// The right to make one call on a row; given back when the call is over.
///
/// Several rights that differ in nothing may be one object.
final class Permit: Sendable {
    let loaded: LoadedRow
    /// The model's name as the provider knows it.
    let upstream: String
    let credential: String?
    let secret: Secret?
    /// True for the one call that finds out whether a refused credential works again.
    let isCredentialProbe: Bool
    /// When it began, for the one call that finds out whether calls go well again.
    let breakerProbe: Duration?

    init(
        loaded: LoadedRow,
        upstream: String,
        credential: String?,
        secret: Secret?,
        isCredentialProbe: Bool,
        breakerProbe: Duration?
    ) {
        self.loaded = loaded
        self.upstream = upstream
        self.credential = credential
        self.secret = secret
        self.isCredentialProbe = isCredentialProbe
        self.breakerProbe = breakerProbe
    }

    /// True for a call that finds out something for others.
    var isProbe: Bool { isCredentialProbe || breakerProbe != nil }

    var row: ProviderRow { loaded.row }

    var name: PermitName { PermitName(row: row.name, credential: credential) }
}
