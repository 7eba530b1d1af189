import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Puts one request to the adapter and compares what comes of it.
struct RequestCheck {
    let source: any AdapterSource
    let files: FixtureFolder
    let name: String

    private var requestFile: String { FixtureName.path(name, .request) }

    func run(_ report: inout Conformance.Report) async {
        report.fixtures += 1
        do throws(FixtureFault) {
            let request = try RequestFixture(files.json(requestFile))
            let adapter = try await request.open(source)
            let (first, second) = (outcome(adapter, request.ask), outcome(adapter, request.ask))
            report.check(
                first == second,
                requestFile,
                "asked twice, the adapter says two things; it must keep no state"
            )
            try compare(first, &report)
        } catch {
            report.fail(requestFile, error.message)
        }
    }

    private enum Outcome: Equatable {
        case call(HTTPCall)
        case answer([TimedEvent])
        case fault(AdapterFault)
    }

    private func outcome(_ adapter: any Adapter, _ ask: Ask) -> Outcome {
        do throws(AdapterFault) {
            switch try adapter.prepare(ask) {
            case .call(let call): return .call(call)
            case .answer(let events): return .answer(events)
            }
        } catch {
            return .fault(error)
        }
    }

    private func compare(_ outcome: Outcome, _ report: inout Conformance.Report) throws(FixtureFault) {
        switch outcome {
        case .call(let call):
            let file = FixtureName.path(name, .call)
            guard files.has(file) else { return report.fail(requestFile, "a call comes of it, which was not expected") }
            compare(call, try CallFixture(files.json(file)).call, file, &report)
        case .answer(let events):
            let file = FixtureName.path(name, .answer)
            guard files.has(file) else {
                return report.fail(requestFile, "an answer comes of it, which was not expected")
            }
            compare(events, try EventsFixture(files.json(file), body: []).events, file, &report)
        case .fault(let fault):
            let file = FixtureName.path(name, .fault)
            guard files.has(file) else { return report.fail(requestFile, "the adapter refuses it: \(fault)") }
            let wanted = try files.json(file)[key: "class"]?.string
            let found = fault.errorClass.rawValue
            report.check(wanted == found, file, "the class is \(found), not \(wanted ?? "given")")
        }
    }

    private func compare(_ call: HTTPCall, _ wanted: HTTPCall, _ file: String, _ report: inout Conformance.Report) {
        report.check(call.method == wanted.method, file, "the method is \(call.method), not \(wanted.method)")
        report.check(call.path == wanted.path, file, "the path is \(call.path), not \(wanted.path)")
        report.check(call.headers == wanted.headers, file, "the header fields are \(call.headers.map(line))")
        report.check(call.authorization == wanted.authorization, file, "the authorization is \(call.authorization)")
        let body = String(decoding: call.body, as: UTF8.self)
        let wantedBody = String(decoding: wanted.body, as: UTF8.self)
        report.check(call.body == wanted.body, file, "the body is\n  \(body)\nnot\n  \(wantedBody)")
        report.check(call.path.hasPrefix("/"), file, "the path must begin with /")
        for field in call.headers {
            let isOwned = ["authorization", "host", "content-length", "transfer-encoding", "connection"]
                .contains(field.name.lowercased())
            report.check(!isOwned, file, "the header \(field.name) is the gateway's to write")
            let isClean = !(field.name + field.value).utf8.contains { $0 < 0x20 || $0 == 0x7F }
            report.check(isClean, file, "the header \(field.name) holds a control character")
        }
    }

    private func line(_ field: HeaderField) -> String { "\(field.name): \(field.value)" }

    private func compare(
        _ events: [TimedEvent],
        _ wanted: [EventFixture],
        _ file: String,
        _ report: inout Conformance.Report
    ) {
        report.check(
            EventComparison.difference(events.map(\.event), wanted) == nil,
            file,
            EventComparison.difference(events.map(\.event), wanted) ?? ""
        )
        guard events.count == wanted.count else { return }
        for (place, pair) in zip(events, wanted).enumerated() {
            report.check(
                pair.0.after == pair.1.after,
                file,
                "event \(place + 1) comes after \(pair.0.after), not \(pair.1.after)"
            )
        }
    }
}

/// Compares events and says where they part.
enum EventComparison {
    static func difference(_ events: [ReplyEvent], _ wanted: [EventFixture]) -> String? {
        for place in 0..<max(events.count, wanted.count) {
            let event = place < events.count ? events[place] : nil
            let expected = place < wanted.count ? wanted[place] : nil
            if let event, let expected, expected.matches(event) { continue }
            let found = event?.line ?? "nothing"
            return "event \(place + 1) is\n  \(found)\nnot\n  \(expected?.description ?? "nothing")"
        }
        return nil
    }

    /// Joins text deltas that follow each other: where a text is cut is the provider's and the network's affair.
    static func merged(_ events: [ReplyEvent]) -> [ReplyEvent] {
        var result: [ReplyEvent] = []
        for event in events {
            if case .text(let text) = event, case .text(let before)? = result.last {
                result[result.count - 1] = .text(before + text)
            } else {
                result.append(event)
            }
        }
        return result
    }
}
