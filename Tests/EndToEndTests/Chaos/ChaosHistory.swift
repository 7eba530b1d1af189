/// All that was seen of a run, from outside of the gateway.
struct ChaosHistory: Sendable {
    /// What belongs to a number.
    var prompt: @Sendable (Int) -> ChaosPrompt
    var weather: [ChaosRow: ChaosWeather]
    var calls: [ChaosCall]
    var jobs: [ChaosJob]
    var answers: [ChaosAnswer]
    /// How the jobs ended that callers were told of beside an answer, by id; those that are not found are missing.
    var ends: [String: ChaosEnd] = [:]

    init(
        weather: [ChaosRow: ChaosWeather],
        calls: [ChaosCall] = [],
        jobs: [ChaosJob] = [],
        answers: [ChaosAnswer] = [],
        prompt: @escaping @Sendable (Int) -> ChaosPrompt
    ) {
        self.prompt = prompt
        self.weather = weather
        self.calls = calls
        self.jobs = jobs
        self.answers = answers
    }
}
