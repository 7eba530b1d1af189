/// Words without spaces, sorted, in one column: `jobs:read jobs:write`.
enum WordList {
    static func text(_ words: [String]) -> String {
        words.sorted().joined(separator: " ")
    }

    static func words(_ text: String) -> [Substring] {
        text.split(separator: " ")
    }
}

/// Any texts, in order, in one column: each ends with a line feed; one inside a text, or a backslash, is escaped.
enum LineList {
    static func text(_ lines: [String]) -> String {
        var text = ""
        for line in lines {
            for scalar in line.unicodeScalars {
                switch scalar {
                case "\\": text += "\\\\"
                case "\n": text += "\\n"
                default: text.unicodeScalars.append(scalar)
                }
            }
            text += "\n"
        }
        return text
    }

    static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                line.append(scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "\n" {
                lines.append(String(line))
                line = String.UnicodeScalarView()
            } else {
                line.append(scalar)
            }
        }
        return lines
    }
}
