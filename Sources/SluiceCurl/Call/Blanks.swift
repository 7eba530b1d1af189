extension UInt8 {
    /// True for a space and a tab, the white space of header fields (RFC 9110, 5.6.3).
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

extension BidirectionalCollection<UInt8> {
    /// Without spaces and tabs at the ends, which are no part of a field's value (RFC 9110, 5.5).
    func trimmingBlanks() -> SubSequence {
        guard let first = firstIndex(where: { !$0.isBlank }), let last = lastIndex(where: { !$0.isBlank }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}
