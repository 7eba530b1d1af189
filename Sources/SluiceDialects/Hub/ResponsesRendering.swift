import SluiceTypes

/// OpenAI's Responses as a rendering of the hub.
///
/// Its items are messages, calls, results and reasoning. Those that a model wrote one after the other are one turn; a
/// message begins a new turn where the turn before has a text already, so that each turn has one message at most.
///
/// Source: the API reference of OpenAI, "Create a model response" and "Streaming events", with its guides "Reasoning models"
/// and "Function calling".
enum ResponsesRendering {
    static let dialect = RequestFormat.openAIResponses
}
