import ArgumentParser
import SluiceStore

/// The levels by their names.
extension Recording: ExpressibleByArgument {}
