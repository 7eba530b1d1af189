import Testing

/// A page of metrics as it was read: each sample by its name and labels.
struct MetricsSeen: Sendable {
    struct Sample: Sendable {
        var name: String
        var labels: [String: String]
        var value: Double
        /// As it stands there: a number of nano-dollars may be larger than a `Double` is exact.
        var text: String
    }

    var samples: [Sample] = []
    /// The type of each family.
    var types: [String: String] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                if words.count == 4 { types[String(words[2])] = String(words[3]) }
            }
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { continue }
            let (head, value) = (line[..<space], String(line[line.index(after: space)...]))
            let name = head.prefix { $0 != "{" }
            samples.append(
                Sample(
                    name: String(name),
                    labels: Self.labels(head.dropFirst(name.count)),
                    value: Double(value == "+Inf" ? "inf" : value) ?? .nan,
                    text: value
                )
            )
        }
    }

    /// Reads the page of a gateway.
    init(of gateway: Gateway, token: String) async throws {
        let answer = try await gateway.send("GET", "/metrics", token: token)
        guard answer.status == 200 else { throw HarnessError("no metrics: \(answer.status) \(answer.text)") }
        self.init(answer.text)
    }

    /// All samples of a name with these labels among theirs, added up.
    func sum(_ name: String, _ labels: [String: String] = [:]) -> Int {
        samples.filter { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }.reduce(0) { $0 + (Int($1.text) ?? 0) }
    }

    private static func labels(_ text: Substring) -> [String: String] {
        var labels: [String: String] = [:]
        var rest = text.dropFirst()
        while let equals = rest.firstIndex(of: "=") {
            let name = String(rest[..<equals])
            rest = rest[equals...].dropFirst(2)
            var value = ""
            while let character = rest.popFirst(), character != "\"" {
                guard character == "\\" else {
                    value.append(character)
                    continue
                }
                let escaped = rest.popFirst()
                value.append(escaped == "n" ? "\n" : escaped ?? "\\")
            }
            labels[name] = value
            rest = rest.drop { $0 == "," }
        }
        return labels
    }
}
