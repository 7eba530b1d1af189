import HTTPTypes

/// What is wrong with one member of OpenAI's body.
struct CallFault: Error {
    /// The member, as OpenAI's errors name it: `messages[0].role`; empty for the body itself.
    var name: String
    /// A clause about it.
    var what: String
    /// OpenAI's code for the fault; nil where it has none.
    var code: String?

    /// The fault in the terms of a body that holds OpenAI's body as its member `request`.
    var ofRequest: Fault {
        let path = name.replacing("[", with: "/").replacing("]", with: "").replacing(".", with: "/")
        return Fault(path.isEmpty ? "/request" : "/request/\(path)", what)
    }
}

extension OpenAIError {
    init(_ fault: CallFault) {
        let subject = fault.name.isEmpty ? "the body" : fault.name
        let parameter = fault.name.isEmpty ? nil : fault.name
        self.init(.badRequest, code: fault.code, "\(subject) \(fault.what)", parameter: parameter)
    }
}
