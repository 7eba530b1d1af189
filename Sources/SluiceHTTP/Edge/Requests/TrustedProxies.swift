package import HTTPTypes
package import SluiceTypes

/// The proxies in front of the gateway that are believed when they say for whom they call.
package struct TrustedProxies: Sendable, Hashable {
    private let ranges: [IPRange]

    package init(_ ranges: [IPRange] = []) {
        self.ranges = ranges
    }

    /// Whether a peer with this address is one of them.
    func trusts(_ address: String?) -> Bool {
        guard !ranges.isEmpty, let address = address.flatMap({ IPAddress($0) }) else { return false }
        return trusts(address)
    }

    private func trusts(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

    /// Who has sent a request whose connection came from `peer`: the last in the row that is no proxy of ours.
    ///
    /// What stands before that one, whoever it is may have written himself. Where a proxy says something else than an address, the
    /// search ends at that proxy. `X-Forwarded-For` counts before `Forwarded` (RFC 7239), where both are there.
    package func client(of peer: String?, _ headers: HTTPFields) -> String? {
        guard trusts(peer) else { return peer }
        let fields = headers[values: .forwardedFor]
        let hops = fields.isEmpty ? TrustedProxies.hops(headers[values: .forwardedField]) : TrustedProxies.list(fields)
        var client = peer
        for hop in hops.reversed() {
            guard let address = TrustedProxies.address(hop) else { return client }
            client = address.description
            guard trusts(address) else { return client }
        }
        return client
    }

    /// The members of lists, several fields as one.
    private static func list(_ fields: [String]) -> [Substring] {
        fields.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }

    /// What `for` says in each element of `Forwarded`; what says nothing is told as such, since the row ends there.
    private static func hops(_ fields: [String]) -> [Substring] {
        list(fields).map { element in
            let pair = element.split(separator: ";").first { $0.trimmingBlanks.lowercased().hasPrefix("for=") }
            return pair.map { $0.trimmingBlanks.dropFirst(4) } ?? ""
        }
    }

    /// The address of a hop, which may have a port, brackets and quotation marks.
    private static func address(_ hop: Substring) -> IPAddress? {
        var text = hop.trimmingBlanks
        if text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            text = text[text.index(after: text.startIndex)..<end]
        } else if let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon {
            text = text[..<colon]
        }
        return IPAddress(String(text))?.unmapped
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedFor = known("X-Forwarded-For")
    fileprivate static let forwardedField = known("Forwarded")
}
