import ArgumentParser
import SluiceTypes

/// A moment of the past on the command line: so long ago (`7d`), the begin of a day in UTC (`2026-10-31`), or in the form of RFC 3339.
struct PastArgument: Hashable, Sendable, ExpressibleByArgument {
    var moment: Timestamp

    init?(argument: String) {
        if let ago = DurationArgument(argument: argument) {
            moment = Timestamp.now().adding(.zero - ago.duration)
        } else if let moment = Timestamp(rfc3339: argument) ?? Timestamp(rfc3339: argument + "T00:00:00Z") {
            self.moment = moment
        } else {
            return nil
        }
    }
}
