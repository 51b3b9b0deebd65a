package archive

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// Block unpacks a block that stands alone, without a header that tells its method, as
// formats of columns have them; it is an error where it gives more than most bytes.
func Block(method string, data []byte, most int) ([]byte, error) {
	switch method {
	case "deflate":
		return atMost(flate.NewReader(bytes.NewReader(data)), most)
	case "snappy":
		if n, err := snappy.DecodedLen(data); err != nil || n > most {
			return nil, fmt.Errorf("a snappy block would give more than %d bytes, or is damaged", most)
		}
		return snappy.Decode(nil, data)
	case "lz4":
		out := make([]byte, min(most, len(data)*mostLZ4+64))
		n, err := lz4.UncompressBlock(data, out)
		return out[:max(n, 0)], err
	case "zstd":
		r, err := zstd.NewReader(bytes.NewReader(data), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlockMemory))
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return atMost(r, most)
	}
	return nil, &MethodError{method}
}

const (
	maxBlockMemory = 64 << 20 // bytes
	mostLZ4        = 255      // bytes that one byte of a block can give
)

func atMost(r io.Reader, most int) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err == nil && len(out) > most {
		err = fmt.Errorf("a block gives more than %d bytes", most)
	}
	return out[:min(len(out), most)], err
}
