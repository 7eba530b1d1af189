extension Int128 {
    /// The nearest whole number to `self / divisor`, the even one of two that are equally near.
    ///
    /// `divisor` has to be greater than 0.
    func dividedHalfEven(by divisor: Int128) -> Int128 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        // A remainder is smaller than its divisor, so the difference can't overflow where twice the remainder could.
        let rest = remainder.magnitude
        let other = divisor.magnitude - rest
        guard rest > other || rest == other && quotient & 1 == 1 else { return quotient }
        return self < 0 ? quotient - 1 : quotient + 1
    }
}
