/// What the text looks like with which a custom tool is called.
public enum HubGrammar: Hashable, Sendable {
    /// Any text.
    case text
    /// A text of the grammar `definition`, which is written in `syntax`, `lark` or `regex`.
    case grammar(syntax: SpelledText, definition: SpelledText)
}
