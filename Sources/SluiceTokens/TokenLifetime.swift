import SluiceStore
import SluiceTypes

/// How long an API token lasts.
package enum TokenLifetime: Sendable, Hashable {
    case lasting(Duration)
    case never

    /// 90 days.
    package static let standardLength = Duration.seconds(90 * 86_400)
    package static let standard = TokenLifetime.lasting(standardLength)
}

extension TokenLifetime {
    func end(from moment: Timestamp) -> Timestamp? {
        switch self {
        case .lasting(let duration): moment.adding(duration)
        case .never: nil
        }
    }
}
