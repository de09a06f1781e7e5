namespace ProfileService.Intake;

/// <summary>
/// Parses times: every form of RFC 3339 and the basic form of ISO 8601. Seconds, minutes and (in the extended form) the time of day may be
/// missing. A time without an offset is UTC. <c>tests/times.tsv</c> has the test cases, which training uses too.
/// </summary>
internal ref struct TimeText
{
    private const int FractionDigits = 6; // further digits are truncated
    private const long SecondsPerDay = 86_400;
    private const int LeapSecond = 60;

    private static readonly int UnixDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private ReadOnlySpan<byte> _rest;

    private TimeText(ReadOnlySpan<byte> text) => _rest = text;

    /// <summary>Parses a time in the years 1 to 9999 to microseconds since 1970-01-01T00:00:00Z.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long microseconds)
    {
        var reader = new TimeText(text);
        return reader.TryRead(out microseconds) && reader._rest.IsEmpty;
    }

    private bool TryRead(out long microseconds)
    {
        microseconds = 0;
        if (!TryDate(out var day, out var isBasic))
            return false;
        if (_rest.IsEmpty)
        {
            microseconds = day * SecondsPerDay * 1_000_000;
            return !isBasic; // eight digits without a time are ambiguous
        }

        if (!TakeAny("Tt "u8) || !TryClock(isBasic, out var clock, out var second))
            return false;
        if (!TryFraction(second, out var fraction) || !TryOffset(out var offset))
            return false;
        var seconds = (day * SecondsPerDay) + clock + Math.Max(0, second) - offset;
        microseconds = (seconds * 1_000_000) + fraction;
        // A leap second is the last of a UTC day, and counts as the first of the next.
        return second < LeapSecond || seconds % SecondsPerDay == 0;
    }

    private bool TryDate(out long day, out bool isBasic)
    {
        day = 0;
        isBasic = false;
        if (!TryDigits(4, out var year))
            return false;
        isBasic = !Take((byte)'-');
        if (!TryDigits(2, out var month) || (!isBasic && !Take((byte)'-')) || !TryDigits(2, out var ofMonth))
            return false;
        if (year < 1 || month is < 1 or > 12 || ofMonth < 1 || ofMonth > DateTime.DaysInMonth(year, month))
            return false;
        day = new DateOnly(year, month, ofMonth).DayNumber - UnixDay;
        return true;
    }

    /// <param name="clock">Hours and minutes, in seconds.</param>
    /// <param name="second">-1 if the text has no seconds.</param>
    private bool TryClock(bool isBasic, out int clock, out int second)
    {
        (clock, second) = (0, -1);
        var minute = 0;
        if (!TryDigits(2, out var hour))
            return false;
        if (HasMore(isBasic) && (!TryDigits(2, out minute) || (HasMore(isBasic) && !TryDigits(2, out second))))
            return false;
        clock = (hour * 3_600) + (minute * 60);
        return hour < 24 && minute < 60 && second <= LeapSecond;
    }

    private bool TryFraction(int second, out int microseconds)
    {
        microseconds = 0;
        if (second < 0 || !TakeAny(".,"u8))
            return true;
        var digits = _rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? _rest.Length : digits;
        for (var i = 0; i < FractionDigits; i++)
            microseconds = (microseconds * 10) + (i < digits ? _rest[i] - '0' : 0);
        _rest = _rest[digits..];
        return digits > 0;
    }

    private bool TryOffset(out int seconds)
    {
        seconds = 0;
        if (_rest.IsEmpty || TakeAny("Zz"u8))
            return true;
        var sign = _rest[0] == '-' ? -1 : 1;
        var minute = 0;
        if (!TakeAny("+-"u8) || !TryDigits(2, out var hour) || ((Take((byte)':') || !_rest.IsEmpty) && !TryDigits(2, out minute)))
            return false;
        seconds = sign * ((hour * 3_600) + (minute * 60));
        return hour < 24 && minute < 60;
    }

    /// <summary>Whether another two digits of the time of day follow.</summary>
    private bool HasMore(bool isBasic) => isBasic ? !_rest.IsEmpty && char.IsAsciiDigit((char)_rest[0]) : Take((byte)':');

    private bool TryDigits(int count, out int value)
    {
        value = 0;
        if (_rest.Length < count)
            return false;
        foreach (var digit in _rest[..count])
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            value = (value * 10) + digit - '0';
        }

        _rest = _rest[count..];
        return true;
    }

    private bool Take(byte one)
    {
        if (_rest.IsEmpty || _rest[0] != one)
            return false;
        _rest = _rest[1..];
        return true;
    }

    private bool TakeAny(ReadOnlySpan<byte> any)
    {
        if (_rest.IsEmpty || !any.Contains(_rest[0]))
            return false;
        _rest = _rest[1..];
        return true;
    }
}
