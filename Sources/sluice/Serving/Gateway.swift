struct Gateway {
    init(_ settings: ServeSettings) {}
    func run() async throws {}
}
