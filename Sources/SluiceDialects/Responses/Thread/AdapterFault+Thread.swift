import SluiceProvider
import SluiceTypes

extension AdapterFault {
    /// A thread that can't be carried on.
    init(_ fault: ResponsesFault) {
        self.init(fault.errorClass, fault.message)
        parameter = fault.parameter
    }
}
