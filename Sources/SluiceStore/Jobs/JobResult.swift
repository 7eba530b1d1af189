package import SluiceTypes

/// A stored answer.
package struct JobResult: Sendable, Hashable {
    package var epoch: Int64
    /// The provider's own object; empty where it sent none.
    package var body: [UInt8]
    package var text: String
    package var finish: String
    /// As the attempt of its epoch tells it.
    package var usage: Usage?
    package var storedAt: Timestamp

    package init(epoch: Int64, body: [UInt8], text: String, finish: String, usage: Usage? = nil, storedAt: Timestamp) {
        self.epoch = epoch
        self.body = body
        self.text = text
        self.finish = finish
        self.usage = usage
        self.storedAt = storedAt
    }
}
