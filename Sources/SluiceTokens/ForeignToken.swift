import Foundation
package import SluiceTypes

/// An API token that was not made here: of a shape that nobody can know beforehand, and long enough not to be guessed.
package struct ForeignToken: Sendable {
    /// How many characters it may have.
    package static let length = 32...512
    private static let fewestDifferent = 10
    private static let fewestBits = 128.0

    /// The whole text.
    package let secret: Secret
    package let hash: TokenHash

    /// Reads a token that an operator brings.
    ///
    /// What it can't be guessed by is measured roughly: its length by the bits of one of its different characters.
    ///
    /// - Throws: ``TokenError`` `invalid` for one that is too short, too uniform, a UUID, or of our own shape.
    package init(_ text: String) throws(TokenError) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw ForeignToken.refused("may have visible ASCII characters alone, without blanks and line breaks")
        }
        guard ForeignToken.length.contains(bytes.count) else {
            throw ForeignToken.refused("must have 32 to 512 characters, not \(bytes.count)")
        }
        guard !bytes.starts(with: "slc_".utf8) else {
            throw ForeignToken.refused(
                "begins with slc_, as those do that sluice makes; `sluice token create` makes one"
            )
        }
        guard !ForeignToken.isUUID(text) else {
            throw ForeignToken.refused("is a UUID, of which at most 122 bits are random; 128 are the least")
        }
        let different = Set(bytes).count
        guard different >= ForeignToken.fewestDifferent else {
            throw ForeignToken.refused("must have at least 10 different characters, not \(different)")
        }
        let bits = Double(bytes.count) * log2(Double(different))
        guard bits >= ForeignToken.fewestBits else {
            throw ForeignToken.refused(
                "could be guessed: \(bytes.count) characters, \(different) different ones, are \(Int(bits)) bits at most, and 128 are "
                    + "the least; take a longer one"
            )
        }
        secret = Secret(text)
        hash = TokenHash(of: text)
    }

    /// Tells whether `text` may be one at all, so that nothing else is looked for.
    static func mayBe(_ text: String) -> Bool {
        length.contains(text.utf8.count) && !text.hasPrefix("slc_")
    }

    /// In the spelling with hyphens, alone, in braces, or as a URN (RFC 9562).
    private static func isUUID(_ text: String) -> Bool {
        var text = text.lowercased()
        if text.hasPrefix("urn:uuid:") { text.removeFirst("urn:uuid:".utf8.count) }
        if text.hasPrefix("{"), text.hasSuffix("}") { text = String(text.dropFirst().dropLast()) }
        return UUID(uuidString: text) != nil
    }

    private static func refused(_ why: String) -> TokenError {
        TokenError(.invalid, "the token \(why)")
    }
}
