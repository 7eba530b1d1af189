import SluiceDialects
import SluiceTypes
import Testing

@Suite("The ids of responses")
struct ResponsesIDTests {
    @Test("are the job's 32 digits, and lead back to it")
    func form() {
        let job = JobID.generate(at: Timestamp(milliseconds: 1_700_000_000_000))
        let id = ResponsesID.response(of: job)
        #expect(id.count == 37 && id.hasPrefix("resp_") && !id.dropFirst(5).contains("-"))
        #expect(ResponsesID.job(in: id) == job)
    }

    @Test(
        "have no other form",
        arguments: [
            "", "resp_", "resp_01", "resp_" + String(repeating: "0", count: 31),
            "resp_" + String(repeating: "0", count: 33),
            "resp_" + String(repeating: "A", count: 32), "resp_" + String(repeating: "g", count: 32),
            "msg__" + String(repeating: "0", count: 32), "resp_" + String(repeating: "é", count: 16),
            "resp_01234567-89ab-cdef-0123-456789abcd",
        ]
    )
    func others(id: String) {
        #expect(ResponsesID.job(in: id) == nil)
    }
}
