extension Scanner {
    /// Reads a number.
    ///
    /// - Returns: whether it has neither fraction nor exponent.
    mutating func number(_ text: Span<UInt8>) throws(Fault) -> Bool {
        let start = place
        if text[place] == UInt8(ascii: "-") { place += 1 }
        if limits.isLenient, place < text.count, text[place] == UInt8(ascii: "I") {
            try literal(Scanner.words.infinity, text)
            return false
        }
        if place < text.count, text[place] == UInt8(ascii: "0") {
            place += 1
            if place < text.count, isDigit(text[place]) {
                throw Fault(.syntax, "no digit may follow a number's leading zero", at: place)
            }
        } else {
            try digits(text)
        }
        var isInteger = true
        if place < text.count, text[place] == UInt8(ascii: ".") {
            isInteger = false
            place += 1
            try digits(text)
        }
        if place < text.count, text[place] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            place += 1
            if place < text.count, text[place] == UInt8(ascii: "+") || text[place] == UInt8(ascii: "-") { place += 1 }
            try digits(text)
        }
        // 18 digits fit whatever they are.
        if isInteger, place - start > 18, integer(text, start..<place) == nil { tape.hasBigInteger = true }
        return isInteger
    }

    private mutating func digits(_ text: Span<UInt8>) throws(Fault) {
        let start = place
        while place < text.count, isDigit(text[place]) { place += 1 }
        guard place == start else { return }
        guard place < text.count else { throw cutShort(text) }
        throw unexpected(text, "expected a digit of a number")
    }
}

private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

/// The value of an optional minus sign and decimal digits; nil beyond 64 bits.
func integer(_ text: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    let isNegative = text[range.lowerBound] == UInt8(ascii: "-")
    var value: Int64 = 0
    // Counted downwards, because the least Int64 has no positive counterpart.
    for place in range.dropFirst(isNegative ? 1 : 0) {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (next, underflow) = product.subtractingReportingOverflow(Int64(text[place] - UInt8(ascii: "0")))
        guard !overflow, !underflow else { return nil }
        value = next
    }
    guard !isNegative else { return value }
    return value == .min ? nil : -value
}
