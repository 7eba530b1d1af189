/// An answer, as it is stored.
package struct Success: Sendable {
    package var report: AttemptReport
    package var output: AttemptOutput
    /// The provider's own object; empty where it sent none.
    package var body: [UInt8]
    /// Why the model stopped, in OpenAI's words.
    package var finish: String

    package init(report: AttemptReport, output: AttemptOutput, body: [UInt8], finish: String) {
        self.report = report
        self.output = output
        self.body = body
        self.finish = finish
    }
}
