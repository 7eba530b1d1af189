/// Makes JSON texts of every shape and spelling, and spoils them.
struct JSONGenerator {
    var random: SeededNumbers
    /// Whether one object may name a member twice.
    var allowsDuplicates = false
    private var names = 0

    init(seed: UInt64, allowsDuplicates: Bool = false) {
        random = SeededNumbers(seed: seed)
        self.allowsDuplicates = allowsDuplicates
    }

    mutating func text() -> [UInt8] { Array((space() + value(depth: 5) + space()).utf8) }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

    private mutating func pick(_ texts: [String]) -> String { texts[number(0...texts.count - 1)] }

    private mutating func space() -> String { number(0...3) > 0 ? "" : pick([" ", "\n", "\t", "\r\n", "  \n  "]) }

    private mutating func value(depth: Int) -> String {
        switch number(0...(depth > 0 ? 9 : 5)) {
        case 0: pick(["true", "false", "null"])
        case 1...3: numeral()
        case 4, 5: string()
        case 6, 7: array(depth)
        default: object(depth)
        }
    }

    private mutating func array(_ depth: Int) -> String {
        var elements: [String] = []
        for _ in 0..<number(0...4) { elements.append(space() + value(depth: depth - 1) + space()) }
        return "[" + (elements.isEmpty ? space() : elements.joined(separator: ",")) + "]"
    }

    private mutating func object(_ depth: Int) -> String {
        var members: [String] = []
        for _ in 0..<number(0...4) {
            names += 1
            let name = allowsDuplicates ? pick([#""a""#, #""\u0061""#, #""b""#, #""é""#]) : string(ending: "#\(names)")
            members.append(space() + name + space() + ":" + space() + value(depth: depth - 1) + space())
        }
        return "{" + (members.isEmpty ? space() : members.joined(separator: ",")) + "}"
    }

    private mutating func numeral() -> String {
        let whole = pick([
            "0", "1", "7", "10", "907", "9223372036854775807", "9223372036854775808", "18446744073709551615",
        ])
        let fraction = pick(["", "", "", ".0", ".5", ".25", ".000000000000000000000000001", ".99999999999999999999"])
        let exponent = pick(["", "", "", "e0", "E5", "e+10", "e-10", "E-320", "e-999", "e288"])
        return pick(["", "-"]) + whole + fraction + exponent
    }

    private mutating func string(ending: String = "") -> String {
        var text = "\""
        for _ in 0..<number(0...6) {
            text += pick([
                "a", "b", " ", "é", "€", "😀", "/", #"\/"#, #"\""#, #"\\"#, #"\n"#, #"\u0041"#, #"\u00E9"#,
                #"\ud83d\uDE00"#, "\u{7f}",
            ])
            if ending.isEmpty, number(0...20) == 0 { text += #"\u0000"# }
        }
        return text + ending + "\""
    }

    /// Some bytes changed, put in, taken out or doubled.
    mutating func spoiled(_ text: [UInt8]) -> [UInt8] {
        var text = text
        let favourites =
            Array("{}[]\",:\\u0123eE+-. \ntfn/'dDcC".utf8) + [0x00, 0x1F, 0x7F, 0x80, 0xC2, 0xE2, 0xED, 0xF0, 0xFF]
        for _ in 0..<number(1...3) {
            let place = number(0...text.count)
            let byte = number(0...3) > 0 ? favourites[number(0...favourites.count - 1)] : UInt8(number(0...255))
            switch number(0...4) {
            case 0: text.insert(byte, at: place)
            case 1 where place < text.count: text[place] = byte
            case 2 where place < text.count: text.remove(at: place)
            case 3: text.removeLast(number(0...min(8, text.count)))
            default:
                let end = min(text.count, place + number(0...8))
                text.insert(contentsOf: text[place..<end], at: number(0...text.count))
            }
        }
        return text
    }

    /// Bytes without a plan, mostly those that mean something in JSON.
    mutating func noise() -> [UInt8] {
        let letters = Array("{}[]\"\",,::\\u01eE+-. \ntruefalsn".utf8)
        let isWild = number(0...3) == 0
        var text: [UInt8] = []
        for _ in 0..<number(0...40) {
            text.append(isWild ? UInt8(number(0...255)) : letters[number(0...letters.count - 1)])
        }
        return text
    }
}
