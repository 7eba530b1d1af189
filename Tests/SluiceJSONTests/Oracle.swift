import CJansson
import SluiceJSON

/// jansson by itself, to compare with.
enum Oracle {
    /// Tells whether jansson accepts `text`, integers of any size included.
    static func accepts(_ text: [UInt8]) -> Bool {
        guard let tree = unsafe load(text, JSON_DECODE_INT_AS_REAL) else { return false }
        unsafe json_decref(tree)
        return true
    }

    /// Tells whether `document` reads as jansson reads its text; nil where jansson refuses it.
    static func agrees(with document: Document) -> Bool? {
        guard let tree = unsafe load(document.bytes, 0) ?? load(document.bytes, JSON_DECODE_INT_AS_REAL) else {
            return nil
        }
        defer { unsafe json_decref(tree) }
        return unsafe agrees(document.root, tree)
    }

    private static func load(_ text: [UInt8], _ flags: Int32) -> UnsafeMutablePointer<json_t>? {
        let flags = Int(JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY | flags)
        return unsafe text.withUnsafeBytes { bytes in
            unsafe json_loadb(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, flags, nil)
        }
    }

    private static func agrees(_ value: JSONValue, _ tree: UnsafeMutablePointer<json_t>) -> Bool {
        switch unsafe tree.pointee.type {
        case JSON_OBJECT:
            let members = value.members
            return unsafe value.kind == .object && members.count == json_object_size(tree)
                && members.allSatisfy { member in
                    var key = member.key
                    let found = key.withUTF8 { name in
                        unsafe name.withMemoryRebound(to: CChar.self) {
                            unsafe json_object_getn(tree, $0.baseAddress, $0.count)
                        }
                    }
                    guard let found = unsafe found else { return false }
                    return unsafe agrees(member.value, found)
                }
        case JSON_ARRAY:
            let elements = value.elements
            return unsafe value.kind == .array && elements.count == json_array_size(tree)
                && elements.enumerated().allSatisfy { place, element in
                    guard let found = unsafe json_array_get(tree, place) else { return false }
                    return unsafe agrees(element, found)
                }
        case JSON_STRING:
            let bytes = unsafe UnsafeBufferPointer(start: json_string_value(tree), count: json_string_length(tree))
            return unsafe value.string?.utf8.elementsEqual(bytes.map { UInt8(bitPattern: $0) }) == true
        case JSON_INTEGER:
            return unsafe value.integer == json_integer_value(tree) && value.number == Double(json_integer_value(tree))
        case JSON_REAL: return unsafe value.number == json_real_value(tree)
        case JSON_TRUE: return value.boolean == true
        case JSON_FALSE: return value.boolean == false
        case JSON_NULL: return value.isNull
        default: return false
        }
    }
}
