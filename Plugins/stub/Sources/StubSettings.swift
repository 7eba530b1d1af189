import SluiceJSON
import SluiceProvider
import SluiceTypes

/// The numbers that a row may give the stub.
struct StubSettings {
    var delayMilliseconds = 5000
    var tokensPerSecond = 0
    var sizeTokens = 50
    var dimensions = 1536
    var created = 0

    static let explanations = [
        "created":
            "The Unix time that answers say they were created at; 0 unless set, since the stub reads no clock.",
        "delayMilliseconds": "How long stub-slow waits before it answers; 5000 unless set.",
        "dimensions": "How many numbers a vector has when the request does not say; 1536 unless set.",
        "sizeTokens": "How many words stub-lorem writes; 50 unless set.",
        "tokensPerSecond": "How many words come in a second; 0, all at once, unless set.",
    ]

    init(_ value: JSONValue?) throws(AdapterFault) {
        for member in value?.members ?? [] {
            switch member.key {
            case "delayMilliseconds":
                delayMilliseconds = try StubSettings.number(member.value, 0...3_600_000, member.key)
            case "tokensPerSecond":
                tokensPerSecond = try StubSettings.number(member.value, 0...1_000_000, member.key)
            case "sizeTokens":
                sizeTokens = try StubSettings.number(member.value, 1...100_000, member.key)
            case "dimensions":
                dimensions = try StubSettings.number(member.value, StubEmbeddingRequest.dimensionRange, member.key)
            case "created":
                created = try StubSettings.number(member.value, 0...253_402_300_799, member.key)
            default:
                throw AdapterFault(.invalidRequest, "is not a setting of the stub", setting: member.key)
            }
        }
    }

    private static func number(
        _ value: JSONValue,
        _ range: ClosedRange<Int>,
        _ name: String
    ) throws(AdapterFault) -> Int {
        guard let number = value.integer.map({ Int($0) }), range.contains(number) else {
            throw AdapterFault(
                .invalidRequest,
                "must be a whole number from \(range.lowerBound) to \(range.upperBound)",
                setting: name
            )
        }
        return number
    }
}
