/// What came of reading `providers.json` again.
package enum ReloadOutcome: Sendable {
    case reloaded
    /// The file is faulty and the old rows stay.
    case refused([ReloadFault])
}
