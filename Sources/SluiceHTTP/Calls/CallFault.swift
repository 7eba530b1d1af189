import HTTPTypes

/// What is wrong with one member of a call's body.
struct CallFault: Error {
    /// The member, as OpenAI's errors name it: `messages[0].role`; empty for the body itself.
    var name: String
    /// A clause about it.
    var what: String
    /// OpenAI's code for the fault; nil where it has none.
    var code: String?

    init(_ name: String, _ what: String, code: String? = nil) {
        self.name = name
        self.what = what
        self.code = code
    }

    /// A member that must be there, and is not.
    static func missing(_ name: String) -> CallFault {
        CallFault(name, "is required", code: "missing_required_parameter")
    }

    /// The fault in the terms of a body that holds the call's body as its member `request`.
    var ofRequest: Fault {
        let path = name.replacing("[", with: "/").replacing("]", with: "").replacing(".", with: "/")
        return Fault(path.isEmpty ? "/request" : "/request/\(path)", what)
    }
}

extension CallError {
    init(_ fault: CallFault) {
        let subject = fault.name.isEmpty ? "the body" : fault.name
        let parameter = fault.name.isEmpty ? nil : fault.name
        self.init(.badRequest, code: fault.code, "\(subject) \(fault.what)", parameter: parameter)
    }
}
