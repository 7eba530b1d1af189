import ArgumentParser
import SluiceTypes

/// Addresses of proxies and ranges of them, separated by commas, as in `10.0.0.0/8`.
struct ProxyRanges: Hashable, Sendable, ExpressibleByArgument {
    var ranges: [IPRange]

    init(_ ranges: [IPRange] = []) {
        self.ranges = ranges
    }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { IPRange(String($0.drop { $0 == " " })) }
        let ranges = parts.compactMap(\.self)
        guard ranges.count == parts.count else { return nil }
        self.ranges = ranges
    }

    var defaultValueDescription: String { ranges.map(\.description).joined(separator: ",") }
}
