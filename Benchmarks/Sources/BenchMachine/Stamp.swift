/// A moment of the monotonic clock, written by the upstream into an event and read by whoever the event reaches.
///
/// All processes of a machine read the same clock, so that the difference is how long the event was on its way.
package enum Stamp {
    /// What stands before it, in an event of a chat.
    package static let member = "\"reasoning_content\":\""

    /// How many digits it has.
    package static let width = 20

    /// Its digits.
    package static func digits(of moment: UInt64) -> [UInt8] {
        var rest = moment
        var digits = [UInt8](repeating: UInt8(ascii: "0"), count: width)
        for place in digits.indices.reversed() where rest > 0 {
            digits[place] += UInt8(rest % 10)
            rest /= 10
        }
        return digits
    }

    /// The first moment in what has come of a body.
    ///
    /// - Parameter body: the bytes so far.
    /// - Returns: the moment; nil while it is not there whole.
    package static func first(in body: [UInt8]) -> UInt64? {
        let member = Array(member.utf8)
        var start = 0
        while start + member.count + width <= body.count {
            if body[start] == member[0], body[start..<(start + member.count)].elementsEqual(member) {
                return moment(body[(start + member.count)...].prefix(width))
            }
            start += 1
        }
        return nil
    }

    /// What such digits say; nil where they are none.
    private static func moment(_ digits: ArraySlice<UInt8>) -> UInt64? {
        UInt64(String(decoding: digits, as: UTF8.self))
    }
}
