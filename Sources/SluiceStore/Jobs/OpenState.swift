/// Where a job stands that has not ended.
package enum OpenState: String, Sendable, CaseIterable {
    /// It waits for an attempt.
    case queued
    /// An attempt is under way.
    case running
}
