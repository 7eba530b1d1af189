import SluiceJSON
import SluiceProvider
import SluiceTypes

/// One event as a fixture writes it.
///
/// Of an error only what the fixture names is compared; of other events everything.
struct EventFixture {
    private enum Expectation {
        case event(ReplyEvent)
        /// The provider's id of the answer; its name of the model stands in the answer.
        case start(String?)
        /// The stage is compared where the fixture names one.
        case upstream(name: String?, [UInt8], ReplyStage?)
        /// The provider's own word is compared where the fixture names one.
        case finish(String, word: String?)
        case error(ErrorClass, message: String?, code: String?, parameter: String?, type: String?)
    }

    private let expectation: Expectation
    /// How long after the event before; for answers that need no call.
    let after: Duration

    /// Reads an event; `upstreamBody` in it stands for `body`.
    init(_ value: JSONValue, body: [UInt8]) throws(FixtureFault) {
        after = .milliseconds(value[key: "afterMilliseconds"]?.integer ?? 0)
        let others = ["afterMilliseconds", "stage", "name", "word"]
        guard let member = value.members.first(where: { !others.contains($0.key) }) else {
            throw FixtureFault("has an event that is no object with a member")
        }
        let stage = try value[key: "stage"].map { stage throws(FixtureFault) in try EventFixture.stage(stage) }
        let (name, word) = (value[key: "name"]?.string, value[key: "word"]?.string)
        expectation = try EventFixture.read(member.key, member.value, body, name, stage, word)
    }

    private static func stage(_ value: JSONValue) throws(FixtureFault) -> ReplyStage {
        switch value.string {
        case "preamble": .preamble
        case "content": .content
        case "ending": .ending
        default: throw FixtureFault("has a stage that is none of preamble, content and ending")
        }
    }

    private static func read(
        _ kind: String,
        _ value: JSONValue,
        _ body: [UInt8],
        _ name: String?,
        _ stage: ReplyStage?,
        _ word: String?
    ) throws(FixtureFault) -> Expectation {
        switch kind {
        case "start" where value.isNull: return .start(nil)
        case "start": if let id = value.string { return .start(id) }
        case "text": if let text = value.string { return .event(.text(text)) }
        case "upstream": return .upstream(name: name, CallFixture.text(value), stage)
        case "upstreamBody" where value.boolean == true: return .upstream(name: name, body, stage)
        case "fields" where value.kind == .object:
            let fields = value.members.compactMap { name, value in value.string.map { (name, $0) } }
            return .event(.fields(Dictionary(fields) { first, _ in first }))
        case "usage":
            let counts = value.elements.compactMap(\.integer)
            if counts.count == 2 {
                return .event(.usage(Usage(promptTokens: counts[0], completionTokens: counts[1])))
            }
            if value.kind == .object {
                let units = value.members.compactMap { unit, count in count.integer.map { (unit, $0) } }
                return .event(.usage(Usage(units: Dictionary(units) { first, _ in first })))
            }
        case "finish": if let reason = value.string { return .finish(reason, word: word) }
        case "terminal": return .event(.terminal(name: name, CallFixture.text(value)))
        case "error":
            if let errorClass = value[key: "class"]?.string.flatMap(ErrorClass.init) {
                return .error(
                    errorClass,
                    message: value[key: "message"]?.string,
                    code: value[key: "code"]?.string,
                    parameter: value[key: "parameter"]?.string,
                    type: value[key: "type"]?.string
                )
            }
        default: throw FixtureFault("has an event of an unknown kind \"\(kind)\"")
        }
        throw FixtureFault("has a \"\(kind)\" event with a value that it can't have")
    }

    func matches(_ event: ReplyEvent) -> Bool {
        switch expectation {
        case .event(.usage(let expected)):
            // The provider's own object stands in the answer.
            guard case .usage(let usage) = event else { return false }
            return usage.units == expected.units
        case .event(let expected):
            return expected == event
        case .start(let expected):
            guard case .start(let id, _) = event else { return false }
            return id == expected
        case .upstream(let expectedName, let expected, let expectedStage):
            guard case .upstream(let name, let bytes, let stage) = event else { return false }
            return name == expectedName && bytes == expected && stage == expectedStage ?? stage
        case .finish(let expected, let expectedWord):
            guard case .finish(let reason, let word) = event else { return false }
            return reason == expected && expectedWord ?? word == word
        case .error(let errorClass, let message, let code, let parameter, let type):
            guard case .error(let error) = event, error.errorClass == errorClass else { return false }
            return message ?? error.message == error.message && (code == nil || code == error.code)
                && (parameter == nil || parameter == error.parameter) && (type == nil || type == error.type)
        }
    }

    var description: String {
        switch expectation {
        case .event(let event): return event.line
        case .start(let id): return ReplyEvent.start(upstreamID: id, model: nil).line
        case .upstream(let name, let bytes, let stage):
            return ReplyEvent.upstreamLine(bytes) + (stage.map { ", \($0)" } ?? "")
                + (name.map { ", named \($0)" } ?? "")
        case .finish(let reason, let word): return ReplyEvent.finish(reason: reason, upstream: word).line
        case .error(let errorClass, let message, let code, let parameter, let type):
            let message = message ?? "(any message)"
            let error = ProviderError(errorClass, message, code: code, parameter: parameter, type: type)
            return ReplyEvent.error(error).line
        }
    }
}

extension ReplyEvent {
    /// The event on one line, for reports.
    var line: String {
        switch self {
        case .start(let id, _): "start \(id ?? "without an id")"
        case .text(let text): "text \(String(reflecting: text))"
        case .upstream(let name, let bytes, let stage):
            ReplyEvent.upstreamLine(bytes) + ", \(stage)" + (name.map { ", named \($0)" } ?? "")
        case .fields(let fields):
            "fields " + fields.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        case .usage(let usage):
            "usage " + usage.units.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        case .finish(let reason, let word): "finish \(reason)" + (word.map { ", \($0)" } ?? "")
        case .terminal(let name, let bytes):
            "terminal \(String(reflecting: String(decoding: bytes, as: UTF8.self)))"
                + (name.map { ", named \($0)" } ?? "")
        case .error(let error):
            "error \(error.errorClass.rawValue) \(String(reflecting: error.message))"
                + (error.code.map { " code \($0)" } ?? "") + (error.parameter.map { " parameter \($0)" } ?? "")
                + (error.type.map { " type \($0)" } ?? "")
        }
    }

    fileprivate static func upstreamLine(_ bytes: [UInt8]) -> String {
        "upstream \(String(reflecting: String(decoding: bytes, as: UTF8.self)))"
    }
}
