package serialized

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"compress/zlib"
	"io"
	"regexp"
	"strings"
)

// legacyTorch begins the files that torch.save wrote before version 1.6: a
// pickled magic number.
const legacyTorch = "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."

// isPickle knows the PROTO opcode of protocols 2 to 5, with an opcode behind it
// that can begin an object.
func isPickle(head []byte) bool {
	if len(head) < 4 || head[0] != 0x80 || head[1] < 2 || head[1] > 5 {
		return false
	}
	return bytes.IndexByte([]byte("}](c)NKMJGXBCUTVISFLi0e\x95\x8a\x8b\x8c\x8d\x8e\x8f\x88\x89\x96\x80"), head[2]) >= 0
}

// text knows pickles of the first protocols by an import or an instance near
// the start.
var text = regexp.MustCompile(`^[(\]})]*(?:c[A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n|i[A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n|\([dl]p\d+\n)`)

func pickleFound(format, what string) found {
	return found{format: format, unsafe: what + ": loading it can run any code; its opcodes were not analysed"}
}

// byHead knows formats by their first bytes.
func byHead(head []byte, ext string) found {
	s := string(head)
	switch {
	case strings.HasPrefix(s, legacyTorch):
		is := pickleFound("pytorch", "a PyTorch file in the legacy format, which is a series of pickles")
		is.model = true
		return is
	case isPickle(head), text.MatchString(s):
		return pickled(ext)
	case strings.HasPrefix(s, "\x93NUMPY"):
		return numpy(head)
	case isHDF5(s):
		return hdf5(s, ext)
	case strings.HasPrefix(s, "7z\xbc\xaf\x27\x1c") && isTorchName(ext):
		return found{format: "7z", unsafe: "a 7z archive under a name of PyTorch: what is inside was not looked at, and loaders unpack such files to pickles"}
	case ext == ".joblib", ext == ".pkl", ext == ".gz", ext == ".bz2", ext == ".xz":
		return compressed(head)
	}
	return found{}
}

func isTorchName(ext string) bool {
	return ext == ".pt" || ext == ".pth" || ext == ".ckpt" || ext == ".bin"
}

// pickled says what a raw pickle is by its name: PyTorch's endings mean weights.
func pickled(ext string) found {
	switch {
	case isTorchName(ext):
		is := pickleFound("pickle", "a pickle under a name of PyTorch weights")
		is.model = true
		return is
	case ext == ".joblib":
		return pickleFound("joblib", "a joblib file, which is a pickle")
	}
	return pickleFound("pickle", "a pickle")
}

// compressed knows the compressions that joblib writes. Where the standard
// library can read one, what is inside must be a pickle.
func compressed(head []byte) found {
	var inside io.Reader
	var err error
	name, s := "", string(head)
	switch {
	case strings.HasPrefix(s, "\x1f\x8b"):
		name = "gzip"
		inside, err = gzip.NewReader(bytes.NewReader(head))
	case len(s) > 1 && s[0] == 0x78 && (uint(s[0])<<8|uint(s[1]))%31 == 0:
		name = "zlib"
		inside, err = zlib.NewReader(bytes.NewReader(head))
	case strings.HasPrefix(s, "BZh"):
		name, inside = "bzip2", bzip2.NewReader(bytes.NewReader(head))
	case strings.HasPrefix(s, "\xfd7zXZ\x00"):
		name = "xz"
	case strings.HasPrefix(s, "\x5d\x00\x00"):
		name = "lzma"
	case strings.HasPrefix(s, "\x04\x22\x4d\x18"):
		name = "lz4"
	case strings.HasPrefix(s, "\x28\xb5\x2f\xfd"):
		name = "zstd"
	case strings.HasPrefix(s, "ZF"):
		name = "joblib's old compression"
	}
	if name == "" || err != nil {
		return found{}
	}
	if inside == nil {
		return found{format: "joblib", unsafe: "a joblib file or pickle compressed with " + name + ": what is inside was not looked at, and loading it can run any code"}
	}
	start := make([]byte, 256)
	n, _ := io.ReadFull(inside, start)
	if n == 0 && name == "bzip2" || isPickle(start[:n]) || text.Match(start[:n]) {
		return pickleFound("joblib", "a joblib file or pickle compressed with "+name)
	}
	return found{}
}
