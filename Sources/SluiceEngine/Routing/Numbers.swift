/// The numbers by which the router knows rows, members, accounts and origins: the same ones after each reload.
struct Numbers: Sendable {
    private var rows: [String: Int] = [:]
    private var members: [String: Int] = [:]
    private var accounts: [AccountID: Int] = [:]
    private var origins: [String: Int] = [:]

    mutating func row(_ name: String) -> Int { Numbers.number(of: name, in: &rows) }

    mutating func member(_ row: String, _ slot: String?) -> Int {
        Numbers.number(of: "\(row)\u{1F}\(slot ?? "")", in: &members)
    }

    mutating func account(_ id: AccountID) -> Int { Numbers.number(of: id, in: &accounts) }

    mutating func origin(_ origin: String) -> Int { Numbers.number(of: origin, in: &origins) }

    private static func number<Name: Hashable>(of name: Name, in numbers: inout [Name: Int]) -> Int {
        if let number = numbers[name] { return number }
        numbers[name] = numbers.count
        return numbers.count - 1
    }
}
