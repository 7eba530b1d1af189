/// A message to a collector, in whichever spelling.
protocol OTLPMessage {
    func write(to writer: inout some WireWriter)
}

extension TraceMessage: OTLPMessage {}
extension MetricMessage: OTLPMessage {}

extension ExportSettings.Format {
    /// The message, spelled so.
    func bytes(of message: some OTLPMessage) -> [UInt8] {
        switch self {
        case .protobuf: ExportSettings.Format.written(message, by: ProtobufWriter())
        case .json: ExportSettings.Format.written(message, by: OTLPJSONWriter())
        }
    }

    private static func written(_ message: some OTLPMessage, by writer: some WireWriter) -> [UInt8] {
        var writer = writer
        message.write(to: &writer)
        return writer.bytes
    }
}
