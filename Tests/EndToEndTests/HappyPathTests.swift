import SluiceJSON
import SluiceTypes
import Testing

@Suite(.timeLimit(.minutes(2))) struct HappyPathTests {
    @Test func aPromptGoesInAndItsAnswerComesOut() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let body =
            #"{"type":"chat","model":"stub-echo","prompt":"Grüße, \"you\"","systemMsg":"Be brief","#
            + #""randomness":0.70,"maxToken":1000,"metadata":{"run":"7"}}"#
        let sent = try await gateway.send("POST", "/v1/prompts", token: token, body: body)
        #expect(sent.status == 202)
        let id = try #require(try sent.json()[key: "id"]?.string)
        #expect(JobID(id) != nil)
        #expect(sent["Location"] == "/v1/prompts/\(id)")
        #expect(sent["x-request-id"]?.isEmpty == false)

        let record = try await gateway.end(of: id, token: token)
        #expect(record[key: "status"]?.string == "succeeded")
        #expect(record[key: "response"]?.string == "Grüße, \"you\"")
        #expect(record[key: "gptResponse"]?.string == "Grüße, \"you\"")
        #expect(record[key: "processStatus"]?.string == "SUCCESSFUL")
        #expect(record[key: "randomness"].map { String(decoding: $0.bytes, as: UTF8.self) } == "0.70")
        #expect(record[key: "metadata"]?[key: "run"]?.string == "7")
        #expect(record[key: "attempts"]?.integer == 1)
        #expect(record[key: "possiblyCharged"]?.boolean == false)
        #expect(await gateway.stop() == 0)
    }

    @Test func theRecordHasEveryFieldOfTheAPI() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let id = try await gateway.prompt(token: token)
        let record = try await gateway.end(of: id, token: token)
        #expect(
            Set(record.members.map(\.key)) == [
                "id", "status", "type", "model", "provider", "surface", "lane", "fallbacks", "tries", "prompt",
                "systemMsg", "randomness", "maxToken", "metadata", "response", "finishReason", "usage", "error",
                "cost", "attempts", "possiblyCharged",
                "processStatus", "gptResponse", "createdAt", "updatedAt",
            ]
        )
        #expect(record[key: "surface"]?.string == "prompt")
        #expect(record[key: "lane"]?.string == "bulk")
        #expect(record[key: "provider"]?.string == "stub")
        #expect(record[key: "finishReason"]?.string == "stop")
        #expect(record[key: "usage"]?[key: "totalTokens"]?.integer != nil)
        #expect(record[key: "error"]?.isNull == true)
        for name in ["createdAt", "updatedAt"] {
            let text = try #require(record[key: name]?.string)
            #expect(Timestamp(rfc3339: text)?.description == text)
        }
    }

    @Test(arguments: ["/gpt/prompt", "/dev/gpt/prompt"])
    func theOriginalPathsWorkWithAnyContentType(path: String) async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let body = #"{"type":"chat","model":"stub-echo","prompt":"Hello"}"#
        let sent = try await gateway.send(
            "POST",
            path,
            token: token,
            headers: ["Content-Type": "text/plain"],
            body: body
        )
        #expect(sent.status == 200)
        let echo = try sent.json()
        #expect(echo[key: "prompt"]?.string == "Hello")
        #expect(echo[key: "model"]?.string == "stub-echo")
        let id = try #require(echo[key: "id"]?.string)
        _ = try await gateway.end(of: id, token: token)
        let record = try await gateway.send("GET", "\(path)?id=\(id)", token: token).json()
        #expect(record[key: "processStatus"]?.string == "SUCCESSFUL")
        #expect(record[key: "gptResponse"]?.string == "Hello")
    }

    @Test func whileItIsWorkedOnTheOriginalAnswerIsAbsent() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let id = try await gateway.prompt(token: token, #","delaySeconds":3600"#)
        let record = try await gateway.record(id, token: token)
        #expect(record[key: "status"]?.string == "queued")
        #expect(record[key: "processStatus"]?.string == "PROCESSING")
        #expect(record[key: "gptResponse"] == nil)
    }

    @Test func theSameKeyAndBodyAreTheSamePrompt() async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let key = ["Idempotency-Key": "order-1"]
        let first = try await gateway.prompt("One", token: token, headers: key)
        let body = #"{"type":"chat","model":"stub-echo","prompt":"One"}"#
        let again = try await gateway.send("POST", "/v1/prompts", token: token, headers: key, body: body)
        #expect(try again.json()[key: "id"]?.string == first)
        #expect(again["Idempotency-Replayed"] == "true")
        let other = try await gateway.send("POST", "/v1/prompts", token: token, headers: key, body: body + " ")
        #expect(other.status == 422)
    }
}
