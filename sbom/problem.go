package sbom

// Problems takes an error apart: each part of a joined error is one Problem.
func Problems(err error) []Problem {
	switch e := err.(type) {
	case nil:
		return nil
	case *Problem:
		return []Problem{*e}
	case interface{ Unwrap() []error }:
		var all []Problem
		for _, part := range e.Unwrap() {
			all = append(all, Problems(part)...)
		}
		return all
	}
	return []Problem{{Reason: err.Error()}}
}
