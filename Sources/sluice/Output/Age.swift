import SluiceTypes

/// How long ago something was, or how far ahead it is, in a word.
enum Age {
    /// As in `3m`, `2d`; `in 5m` for what is still to come.
    static func text(of moment: Timestamp, at now: Timestamp) -> String {
        let seconds = now.since(moment).components.seconds
        return seconds < 0 ? "in \(text(seconds: -seconds))" : text(seconds: seconds)
    }

    /// As in `45s`, `3m`, `5h`, `2d`.
    static func text(seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds)s"
        case ..<7200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86_400)d"
        }
    }
}
