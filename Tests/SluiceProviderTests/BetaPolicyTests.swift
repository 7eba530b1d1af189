import SluiceProvider
import Testing

@Suite("What a row does with betas")
struct BetaPolicyTests {
    @Test(
        "passes them as they were spelt, drops them, or keeps those of its list",
        arguments: [
            (.pass, "a,  b", "a,  b"), (.drop, "a", nil), (.only(["a", "c"]), "c ,b,\ta ", "c,a"),
            (.only(["a"]), "aa,b", nil), (.only(["a"]), "", nil), (.only(["a"]), "a,,a", "a,a"),
        ] as [(BetaPolicy, String, String?)]
    )
    func allowed(policy: BetaPolicy, value: String, expected: String?) {
        #expect(policy.allowed(in: value) == expected)
    }
}
