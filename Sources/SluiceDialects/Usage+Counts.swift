import SluiceJSON
import SluiceTypes

extension JSONValue {
    /// The largest count that is believed.
    private static let most = 1e15

    /// A number of tokens, which some providers write as `12.0` or `"12"`; nil for what is none.
    var count: Int64? {
        let count = integer.map { Double($0) } ?? number ?? string.flatMap { Double($0) }
        guard let count, (0...JSONValue.most).contains(count) else { return nil }
        return Int64(count.rounded(.up))
    }
}

extension [String: Int64] {
    /// Takes a special unit; one of which there is none says nothing.
    mutating func count(_ value: JSONValue?, as unit: String) {
        if let count = value?.count, count > 0 { self[unit] = count }
    }
}
