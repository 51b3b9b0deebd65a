package evaluation

import (
	"bufio"
	"context"
	"errors"
	"io"

	"github.com/mlbom/mlbom/sbom"
)

// MaxLine is how many bytes of one line of a log are held.
const MaxLine = 4 << 20

// Lines calls each for the lines of a file, from 1 on, of any size of the file; of a
// line longer than [MaxLine] it gets the beginning, and whole is false. Each says
// whether it wants more.
func Lines(ctx context.Context, f *sbom.File, each func(n int, line []byte, whole bool) bool) error {
	r, _, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	b := bufio.NewReaderSize(r, 64<<10)
	var line []byte
	whole := true
	for n := 1; ; {
		part, err := b.ReadSlice('\n')
		if room := MaxLine - len(line); len(part) <= room {
			line = append(line, part...)
		} else {
			line, whole = append(line, part[:room]...), false
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		}
		if len(line) > 0 && !each(n, line, whole) || err != nil {
			return nil
		}
		n, line, whole = n+1, line[:0], true
	}
}
