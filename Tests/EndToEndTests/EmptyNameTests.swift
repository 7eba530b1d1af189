import SluiceJSON
import SluiceTesting
import Testing

/// What a command does that is given an empty name or id, as by a variable of a shell that is not set.
@Suite("An empty name", .timeLimit(.minutes(2)))
struct EmptyNameTests {
    @Test("names nothing, and never everything", arguments: [true, false])
    func nothing(isServing: Bool) async throws {
        let gateway = try await Gateway.start(in: Home())
        let token = try await gateway.token()
        let body = #"{"type":"chat","model":"stub-echo","prompt":"Hi","delaySeconds":3600}"#
        let sent = try await gateway.send("POST", "/v1/prompts", token: token, body: body)
        #expect(sent.status == 202)
        // What any other client sends is no other request either.
        let socket = gateway.home.data + "/admin.sock"
        let command = try Command(
            ["-s", "--unix-socket", socket, "-X", "POST", "-d", "{}", "http://localhost/admin/v1/jobs//cancel"],
            program: "/usr/bin/curl"
        )
        _ = await command.ended()
        #expect(command.output.text.contains("urn:sluice:problem"), "\(command.output.text)")
        if !isServing { #expect(await gateway.stop() == 0) }
        let commands = [
            ["job", "cancel", ""], ["job", "redrive", ""], ["job", "show", ""], ["token", "revoke", ""],
            ["token", "show", ""],
            ["owner", "disable", ""], ["owner", "delete", "", "--yes"], ["owner", "show", ""],
        ]
        for words in commands {
            let outcome = try await Command.run(words + ["--data", gateway.home.data])
            #expect(outcome.status != 0, "\(words) \(outcome.output)")
        }
        let jobs = try await Command.run("job", "list", "--json", "--data", gateway.home.data)
        let states = try Document(Array(jobs.output.utf8)).root[key: "jobs"]?.elements.map { $0[key: "status"]?.string }
        #expect(states == ["queued"])
    }
}
