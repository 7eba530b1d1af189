import SluiceJSON

extension CallFields {
    /// Reads the body of Anthropic's Messages.
    ///
    /// - Throws: ``CallFault`` for the first member that can't be.
    init(messages root: JSONValue) throws(CallFault) {
        try CallFields.checkObject(root)
        self.init(model: try CallFields.model(root))
        try CallFields.checkMessages(root)
        stream = try CallFields.boolean(root, "stream")
    }
}
