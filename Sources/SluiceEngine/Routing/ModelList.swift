package import SluiceTypes

/// The models that a row shows to who asks for a list.
package struct ModelList: Sendable, Hashable {
    package var row: String
    package var operations: Set<Operation>
    /// The formats in which they can be asked.
    package var formats: Set<RequestFormat>
    package var names: [String]
}
