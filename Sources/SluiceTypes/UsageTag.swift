/// A word by which callers tell their calls apart in what was used and what it cost.
public enum UsageTag {
    /// What a tag must be, behind its name.
    public static let rule = "must have 1 to 64 letters, digits, and any of . _ : -"

    /// Stands for all tags, or all models, of an owner beyond so many a day as are told apart; no tag is spelt so.
    public static let others = "(other)"

    /// Whether a text is a tag.
    public static func isTag(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}
