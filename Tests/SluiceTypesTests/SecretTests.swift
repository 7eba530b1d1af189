import SluiceTypes
import Testing

@Suite struct SecretTests {
    private static let value = "sk-très-secret"

    private struct Holder {
        var name = "row"
        var secret = Secret(SecretTests.value)
        var maybe: Secret? = Secret(SecretTests.value)
        var many = ["key": [Secret(SecretTests.value)]]
    }

    @Test func `is not shown by any way of making text`() {
        let secret = Secret(Self.value)
        #expect(secret.description == "[redacted]")
        for text in [
            "\(secret)", String(describing: secret), String(reflecting: secret), secret.debugDescription,
            "\([secret])", "\(Optional(secret) as Any)", "\(Holder())", String(reflecting: Holder()),
        ] {
            #expect(text.contains("[redacted]"))
            #expect(!text.contains("secret\""))
            #expect(!text.contains(Self.value))
        }
    }

    @Test func `is not shown by print and dump`() {
        var text = ""
        print(Secret(Self.value), Holder(), to: &text)
        dump(Secret(Self.value), to: &text)
        dump(Holder(), to: &text)
        #expect(text.contains("[redacted]"))
        #expect(!text.contains(Self.value))
    }

    @Test func `is not shown by reflection`() {
        #expect(Mirror(reflecting: Secret(Self.value)).children.isEmpty)
        #expect(Mirror(reflecting: Secret(Self.value)).superclassMirror == nil)
    }

    @Test func `is revealed to the one that asks, whose error it passes on`() {
        #expect(Secret(Self.value).reveal { $0.count } == Self.value.count)
        #expect(throws: ErrorClass.authentication) {
            try Secret(Self.value).reveal { _ throws(ErrorClass) in throw ErrorClass.authentication }
        }
    }

    @Test func `is compared by its value`() {
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b"))
    }
}
