import ArgumentParser
import SluiceTypes

/// A moment on the command line, in the form of RFC 3339: `2026-10-31T12:00:00Z`.
struct MomentArgument: Hashable, Sendable, ExpressibleByArgument {
    var moment: Timestamp

    init?(argument: String) {
        guard let moment = Timestamp(rfc3339: argument) else { return nil }
        self.moment = moment
    }
}
