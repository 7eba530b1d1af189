import SluiceJSON
import SluiceProvider
import Testing

@Suite("A row's parameters")
struct ParametersTests {
    private func apply(_ parameters: Parameters, to text: String) throws -> String {
        let body = try Document(Array(text.utf8))
        return String(decoding: try body.applying(parameters.edits(for: body)).bytes, as: UTF8.self)
    }

    private func member(_ name: String, _ value: String) -> Parameters.Member { .init(name, Array(value.utf8)) }

    @Test("that change nothing leave every byte")
    func none() throws {
        let text = "{ \"a\" : 1E2,\n \"b\":\"\\/\" }"
        #expect(try apply(Parameters(), to: text) == text)
    }

    @Test("give what the caller did not send, null counting as sent")
    func defaults() throws {
        let parameters = Parameters(defaults: [member("temperature", "0.2"), member("x", "{\"y\": 1E2}")])
        #expect(try apply(parameters, to: #"{"a":1}"#) == #"{"a":1,"temperature":0.2,"x":{"y": 1E2}}"#)
        #expect(try apply(parameters, to: #"{"temperature":null,"x":0}"#) == #"{"temperature":null,"x":0}"#)
    }

    @Test(
        "hold numbers between bounds and keep the spelling of those within",
        arguments: [
            (#"{"n":1E2}"#, #"{"n":1E2}"#), (#"{"n":101}"#, #"{"n":1e2}"#), (#"{"n":0.9}"#, #"{"n":1.0}"#),
            (#"{"n":"500"}"#, #"{"n":"500"}"#), (#"{"n":18446744073709551615}"#, #"{"n":1e2}"#), ("{}", "{}"),
        ]
    )
    func bounds(text: String, expected: String) throws {
        let parameters = Parameters(minimums: [member("n", "1.0")], maximums: [member("n", "1e2")])
        #expect(try apply(parameters, to: text) == expected)
    }

    @Test("come in the order default, bounds, drop, rename")
    func order() throws {
        let parameters = Parameters(
            defaults: [member("a", "500"), member("b", "1")],
            maximums: [member("a", "400")],
            drop: ["b", "old"],
            rename: [.init(from: "a", to: "z"), .init(from: "old", to: "new")]
        )
        #expect(try apply(parameters, to: #"{"old":1}"#) == #"{"z":400}"#)
        #expect(try apply(parameters, to: #"{"a":7,"z":8}"#) == #"{"z":7}"#)
    }
}
