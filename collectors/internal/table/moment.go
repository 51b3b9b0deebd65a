package table

// moment reads a date, alone or with a time and a zone, as Arrow's parser of ISO 8601
// does: "2020-01-31", "2020-01-31 12:34:56.789", "2020-01-31T12:34Z". What has
// nanoseconds lies between 1677 and 2262.
func moment(b []byte) kind {
	if len(b) < 10 || !date(b[:10]) {
		return 0
	}
	year := number(b[:4])
	nanos := year >= 1678 && year <= 2261
	if len(b) == 10 {
		k := isDate | isSeconds
		if nanos {
			k |= isNanos
		}
		return k
	}
	if b[10] != ' ' && b[10] != 'T' {
		return 0
	}
	rest := b[11:]
	zoned := false
	if rest, zoned = zone(rest); len(rest) == 0 {
		return 0
	}
	fraction, ok := clock(rest)
	if !ok {
		return 0
	}
	k := isSeconds | isNanos
	if zoned {
		k = isSecondsUTC | isNanosUTC
	}
	if fraction {
		k &^= isSeconds | isSecondsUTC
	}
	if !nanos {
		k &^= isNanos | isNanosUTC
	}
	return k
}

// date reads "2020-02-29".
func date(b []byte) bool {
	if b[4] != '-' || b[7] != '-' || run(b[:4]) != 4 || run(b[5:7]) != 2 || run(b[8:10]) != 2 {
		return false
	}
	year, month, day := number(b[:4]), number(b[5:7]), number(b[8:10])
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		days = 29
	}
	return day <= days
}

func number(b []byte) int {
	n := 0
	for _, c := range b {
		n = 10*n + int(c-'0')
	}
	return n
}

// clock reads "12", "12:34", "12:34:56" and "12:34:56.789".
func clock(b []byte) (fraction, ok bool) {
	if len(b) < 2 || run(b[:2]) != 2 || number(b[:2]) > 23 {
		return false, false
	}
	for i, most := 2, 2; i < len(b); i, most = i+3, most-1 {
		if b[i] == '.' && i == 8 {
			n := len(b) - 9
			return true, n > 0 && n <= 9 && run(b[9:]) == n
		}
		if b[i] != ':' || most == 0 || len(b) < i+3 || run(b[i+1:i+3]) != 2 || number(b[i+1:i+3]) > 59 {
			return false, false
		}
	}
	return false, true
}

// zone takes "Z", "+01", "+0100" and "+01:00" from the end.
func zone(b []byte) (rest []byte, zoned bool) {
	if n := len(b); n > 0 && b[n-1] == 'Z' {
		return b[:n-1], true
	}
	for _, n := range []int{3, 5, 6} {
		at := len(b) - n
		if at < 2 || b[at] != '+' && b[at] != '-' || run(b[at+1:at+3]) != 2 || number(b[at+1:at+3]) > 23 {
			continue
		}
		minutes := b[at+3:]
		if n == 6 {
			if minutes[0] != ':' {
				continue
			}
			minutes = minutes[1:]
		}
		if run(minutes) == len(minutes) && number(minutes) < 60 {
			return b[:at], true
		}
	}
	return b, false
}
