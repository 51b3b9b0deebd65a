package source

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Doer sends a request: an [http.Client], or one that signs in first.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// maxSkip bounds, in bytes, what is thrown away of the answer of a host that
// knows no ranges.
const maxSkip = 4 << 20

// Range asks for n bytes of a resource from an offset on. What is given ends
// after n bytes, or before where the resource does.
func Range(ctx context.Context, by Doer, address string, header http.Header, off, n int64) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	for k, v := range header {
		req.Header[k] = v
	}
	req.Header.Set("Accept-Encoding", "identity") // a range of packed bytes is no range of the file
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", off, off+n-1))
	res, err := by.Do(req)
	if err != nil {
		return nil, Reason(err)
	}
	switch res.StatusCode {
	case http.StatusPartialContent:
		if from, ok := contentRange(res.Header.Get("Content-Range")); !ok || from != off {
			res.Body.Close()
			return nil, fmt.Errorf("asked for bytes from %d on, the host sent others (Content-Range %q)", off, res.Header.Get("Content-Range"))
		}
	case http.StatusOK: // all of it, from the start
		if off > maxSkip {
			res.Body.Close()
			return nil, fmt.Errorf("the host sends no parts of a file, and byte %d is too far in to read all before it", off)
		}
		if _, err := io.CopyN(io.Discard, res.Body, off); err != nil {
			res.Body.Close()
			return nil, Reason(err)
		}
	default:
		defer res.Body.Close()
		return nil, StatusError(res)
	}
	return limited{io.LimitReader(res.Body, n), res.Body}, nil
}

type limited struct {
	io.Reader
	io.Closer
}

var contentRangePattern = regexp.MustCompile(`^bytes (\d+)-\d+/(?:\d+|\*)$`)

func contentRange(text string) (from int64, ok bool) {
	m := contentRangePattern.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	from, err := strconv.ParseInt(m[1], 10, 64)
	return from, err == nil
}

// StatusError says what an answer that is no success means.
func StatusError(res *http.Response) error {
	text := http.StatusText(res.StatusCode)
	if res.StatusCode == http.StatusTooManyRequests {
		text = "too many requests"
		if after := res.Header.Get("Retry-After"); after != "" {
			text += ", try again after " + Printable(after)
		} else if m := rateLimit.FindStringSubmatch(res.Header.Get("RateLimit")); m != nil {
			text += ", try again after " + m[1]
		}
	}
	return fmt.Errorf("%s answers %d (%s)", res.Request.URL.Host, res.StatusCode, text)
}

// Reason takes the method and the address, which may hold a signature, out of
// an error of net/http, and says what can be done.
func Reason(err error) error {
	ue, ok := err.(*url.Error)
	if !ok {
		return err
	}
	host := ""
	if u, perr := url.Parse(ue.URL); perr == nil && u.Host != "" {
		host = u.Host + ": "
	}
	var dial *net.OpError
	var authority x509.UnknownAuthorityError
	switch {
	case errors.As(err, &authority):
		return fmt.Errorf("%s%w; name the authority's certificate in SSL_CERT_FILE if you trust it", host, ue.Err)
	case errors.As(err, &dial) && (dial.Op == "dial" || dial.Op == "proxyconnect"):
		return fmt.Errorf("%s%w; check the name of the host, the network, and HTTPS_PROXY if there is a proxy", host, ue.Err)
	}
	return fmt.Errorf("%s%w", host, ue.Err)
}

// Printable bounds text of a host, so that it can stand in an error.
func Printable(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "?")
	if runes := []rune(s); len(runes) > 200 {
		return string(runes[:200]) + "..."
	}
	return s
}
