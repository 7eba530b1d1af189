package import SluiceStore
package import SluiceTypes

extension JobGroup {
    /// A group of native prompts.
    package init(lane: Lane, operation: SluiceTypes.Operation, route: String) {
        self.init(lane: lane, operation: operation, format: .prompt, route: route)
    }
}
