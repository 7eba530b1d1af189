import HTTPTypes

extension HTTPFields {
    /// The value of a field, several of one name joined as by the subscript, which puts together anew what stands alone too.
    func value(of name: HTTPField.Name) -> String? {
        guard contains(name) else { return nil }
        var value: String?
        for field in self where field.name == name {
            guard value == nil else { return self[name] }
            value = field.value
        }
        return value
    }
}
