/// One entry of a request's list of tools.
public enum HubToolEntry: Hashable, Sendable {
    case tool(HubTool)
    /// A tool that the provider runs itself, or one that nobody here knows.
    case other(HubForeign)
}
