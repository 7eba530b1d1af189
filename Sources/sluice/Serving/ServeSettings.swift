import SluiceEngine
import SluiceHTTP
import SluiceStore
import SluiceTelemetry

/// All that `serve` was told, read and checked.
struct ServeSettings: Sendable {
    var http = HTTPSettings()
    /// Where metrics are served beside the API; nil for nowhere else.
    var metrics: HostAndPort.Place?
    var engine = EngineSettings()
    var retention = Retention.standard
    /// How many bytes on the disk are set aside.
    var reserve = 0
    var data = ""
    var providers = ""
    /// Nil for the built-in table alone.
    var prices: String?
    var proxyFromEnvironment = false
    /// Nil for no file.
    var firstToken: String?
    /// What is sent to a collector; nil for nothing.
    var export: ExportSettings?
    /// What OpenTelemetry's variables say, without secrets.
    var exportFacts: [SettingFact] = []
    /// What is done otherwise than was said, each in a sentence.
    var notes: [String] = []
    var logLevel = LogLevel.info
    var logFormat = LogFormat.text

    /// - Throws: ``BadVariable``.
    init(_ command: ServeCommand, _ reader: SettingsReader) throws(BadVariable) {
        try command.listening.apply(to: &self, reader)
        try command.rooms.apply(to: &self, reader)
        try command.waiting.apply(to: &self, reader)
        try command.keeping.apply(to: &self, reader)
        try command.logging.apply(to: &self, reader)
    }

    /// Takes what OpenTelemetry's variables say.
    mutating func take(_ variables: ExportVariables) {
        export = variables.settings
        exportFacts = variables.told
        engine.sampler = variables.settings?.traces == nil ? nil : variables.settings?.sampler
        notes += variables.notes
    }
}
