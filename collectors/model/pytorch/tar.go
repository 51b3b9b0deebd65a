package pytorch

import "fmt"

func trailing(n int64) string { return fmt.Sprintf("%d bytes lie behind the last storage", n) }

// readTar examines the pickles of the oldest format.
func (z *members) readTar() {
	z.property("pytorch:format", "tar")
	for _, m := range z.archive.Members {
		z.pickle(m)
	}
}
