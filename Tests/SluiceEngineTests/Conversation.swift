import SluiceDialects
import SluiceEngine
import SluiceProvider
import SluiceRig
import SluiceStore
import SluiceTesting
import SluiceTypes

/// Turns of a conversation, and providers for it.
struct Conversation {
    static let responses = ResponsesAdapter(
        Manifest(id: "openai-responses", operations: [.chat: "/responses"], formats: [.openAIResponses])
    )
    static let messages = AnthropicAdapter(
        Manifest(id: "anthropic-messages", operations: [.chat: "/messages"], formats: [.anthropicMessages])
    )

    let rig: Rig

    /// A row that speaks OpenAI's Responses, with an account of its own.
    static func row(
        _ name: String = "row0",
        adapter: any Adapter = responses,
        models: [String] = ["m"],
        priority: Int = 0,
        policy: StatePolicy = StatePolicy(keepsResponses: 29)
    ) -> ProviderRow {
        Rig.row(
            name,
            adapter: adapter,
            formats: [.openAIResponses],
            models: models,
            priority: priority,
            statePolicy: policy
        )
    }

    /// A provider's answer, with reasoning that its account alone can read.
    static func object(_ number: Int) -> String {
        #"{"id":"resp_up_\#(number)","object":"response","status":"completed","output":["#
            + #"{"type":"reasoning","id":"rs_\#(number)","summary":[],"encrypted_content":"secret \#(number)"},"#
            + #"{"type":"message","id":"msg_\#(number)","role":"assistant","status":"completed","#
            + #""content":[{"type":"output_text","text":"answer \#(number)","annotations":[]}]}],"#
            + #""usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}}"#
    }

    static func answer(_ number: Int) -> ReplayScript { .answer(object(number)) }

    /// The same as a stream.
    static func stream(_ number: Int) -> ReplayScript {
        let events = [
            ("response.created", #"{"type":"response.created","response":{"id":"resp_up_\#(number)"}}"#),
            ("response.output_text.delta", #"{"type":"response.output_text.delta","delta":"answer \#(number)"}"#),
            ("response.completed", #"{"type":"response.completed","response":\#(object(number))}"#),
        ]
        let chunks = events.map { ReplayScript.Step.chunk("event: \($0.0)\ndata: \($0.1)\n\n") }
        return ReplayScript([.head(200, [HeaderField("content-type", "text/event-stream")])] + chunks + [.end])
    }

    static func refusal(_ code: String, _ message: String = "no") -> ReplayScript {
        .answer(
            status: 400,
            #"{"error":{"message":"\#(message)","type":"invalid_request_error","param":null,"code":"\#(code)"}}"#
        )
    }

    /// A job that takes up the answer of `previous`, by the gateway's own name of it.
    func job(
        _ input: String,
        after previous: JobRecord? = nil,
        fallbacks: [String] = [],
        model: String = "m",
        stream: Bool = false,
        entry: JobEntry = .call
    ) -> NewJob {
        let named = previous.map { #""previous_response_id":"resp_\#($0.id)","# } ?? ""
        var job = rig.job(
            #"{"model":"\#(model)",\#(named)"input":\#(input)}"#,
            model: model,
            fallbacks: fallbacks,
            surface: .responses,
            format: .openAIResponses,
            stream: stream,
            lane: .interactive,
            onUnknown: .deadLetter
        )
        job.facts.terms.entry = entry
        job.facts.ancestry = previous.map { Ancestry(continuing: $0) }
        return job
    }

    func open(
        _ job: NewJob,
        session: UInt64? = nil,
        on executor: (any TaskExecutor)? = nil
    ) async throws -> LiveCall {
        let request = CallRequest(
            job: job,
            commitsFirst: false,
            onDisconnect: .continue,
            session: session.map { CallRequest.Session(number: $0, isNamed: true) },
            executor: executor
        )
        guard case .live(let call) = await rig.engine.calls.open(request) else { throw Unexpected() }
        return call
    }

    /// A call that is answered.
    func turn(
        _ input: String,
        after previous: JobRecord? = nil,
        stream: Bool = false
    ) async throws -> JobRecord {
        let call = try await open(job(input, after: previous, stream: stream))
        guard case .succeeded = await call.end() else { throw Unexpected() }
        return try await record(call)
    }

    func record(_ call: LiveCall) async throws -> JobRecord {
        guard let record = try await rig.store.job(call.id, owner: nil) else { throw Unexpected() }
        return record
    }

    /// The bodies that were sent.
    var sent: [String] { rig.transport.calls.map { String(decoding: $0.body, as: UTF8.self) } }

    /// The rows that were asked.
    var asked: [String] {
        rig.transport.calls.map { call in String(call.url.split(separator: "/").dropFirst().first ?? "") }
    }
}
