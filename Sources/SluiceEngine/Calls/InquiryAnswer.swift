import SluiceProvider
package import SluiceTypes

/// What came of an inquiry.
package enum InquiryAnswer: Sendable {
    /// The provider's answer as it came, without the row's secrets.
    case answered(status: Int, body: [UInt8])
    /// No row that serves the model can be asked.
    case unserved
    /// None of them is to be asked now.
    case closed(Hold)
    /// All of them are busy.
    case full
    /// Whoever asks may ask no more for now.
    case limited(LimitRefusal)
    /// No answer came; the sentence is for a person.
    case failed(String)

    /// The same without the values of `secrets` in an error, as by ``CallFailure/hiding(_:)``.
    package func hiding(_ secrets: [Secret]) -> InquiryAnswer {
        guard case .answered(let status, let body) = self, status >= 400 else { return self }
        return .answered(status: status, body: Scrubber.hide(secrets, in: body))
    }
}
