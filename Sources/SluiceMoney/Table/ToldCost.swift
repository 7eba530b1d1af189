public import SluiceJSON

/// Where in its answers a provider says what a call costs: an RFC 6901 pointer, and of how many USD its figures are.
public struct ToldCost: Hashable, Sendable {
    private let steps: [String]
    private let unit: String

    /// Reads a row's `costFrom`: `"/usage/cost"`, or `{"at": "/usage/cost_in_usd_ticks", "usd": "1e-10"}`.
    ///
    /// - Throws: ``PriceTableFault`` with the place of what can't be taken.
    public init(_ value: JSONValue) throws(PriceTableFault) {
        let place = value.kind == .object ? value[key: "at"] ?? value : value
        guard let pointer = place.string, pointer.hasPrefix("/") else {
            throw PriceTableFault("must be a pointer into the answer, such as \"/usage/cost\"", at: place)
        }
        if value.kind == .object {
            for member in value.members where !["at", "usd"].contains(member.key) {
                throw PriceTableFault("is unknown; known are at, usd", at: member.value)
            }
        }
        let usd = value.kind == .object ? value[key: "usd"] : nil
        unit = usd?.string ?? "1"
        guard usd == nil || usd?.kind == .string, Money(told: "0", inUnitsOf: unit) != nil else {
            throw PriceTableFault("must be a decimal number of USD in a string, such as \"1e-10\"", at: usd ?? value)
        }
        steps = pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }

    /// What `answer`, or an event of it, says; nil where it says nothing that is a cost: no number, or a negative one.
    public func money(in answer: JSONValue) -> Money? {
        var value: JSONValue? = answer
        for step in steps {
            value = value?.kind == .array ? Int(step).flatMap { value?[$0] } : value?[key: step]
        }
        guard let value, value.kind == .number else { return nil }
        return Money(told: String(decoding: value.bytes, as: UTF8.self), inUnitsOf: unit)
    }
}
