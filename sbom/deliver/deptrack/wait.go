package deptrack

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// How often the server is asked: soon at first, for small documents take a second.
const (
	firstPoll   = 500 * time.Millisecond
	longestPoll = 5 * time.Second
	// grace is how long the project may lag behind the token, in polls.
	grace = 8
)

// Processing asks whether the server still works on what it gave the token for. It
// says no of a token that it does not know.
func (c *Client) Processing(ctx context.Context, token string) (bool, error) {
	const op = "processing"
	a, err := c.do(ctx, request{op: op, method: http.MethodGet, path: "/api/v1/event/token/" + url.PathEscape(token)})
	if err != nil {
		return false, err
	}
	if a.status == http.StatusNotFound { // before 4.11 it stood elsewhere
		if a, err = c.do(ctx, request{op: op, method: http.MethodGet, path: "/api/v1/bom/token/" + url.PathEscape(token)}); err != nil {
			return false, err
		}
	}
	if a.status != http.StatusOK {
		return false, c.refused(op, a, nil)
	}
	var s struct {
		Processing *bool `json:"processing"`
	}
	if err := c.decode(op, a, &s); err != nil {
		return false, err
	}
	if s.Processing == nil {
		return false, &Error{Op: op, Host: c.base.Host, Detail: "it does not say whether it is done"}
	}
	return *s.Processing, nil
}

// Await waits until the server no longer works on a document. Each poll is told.
func (c *Client) Await(ctx context.Context, token string, poll func(n int)) error {
	for n := 0; ; n++ {
		busy, err := c.Processing(ctx, token)
		if err != nil || !busy {
			return err
		}
		if poll != nil {
			poll(n)
		}
		if err := c.pause(ctx, n); err != nil {
			return &Error{Op: "processing", Host: c.base.Host, Detail: "it was still at work when the time was over", Hint: "raise --timeout; the document was taken, and its import goes on"}
		}
	}
}

func (c *Client) pause(ctx context.Context, n int) error {
	return c.options.Wait(ctx, min(firstPoll<<min(n, 10), longestPoll))
}

// Confirm makes sure that the project now shows an import later than before, of as many
// components as the document has, where that is not negative: "not processing" alone says neither. Both happen:
// the server reports an import that failed as done, and a token of before its restart as
// unknown, which is the same.
func (c *Client) Confirm(ctx context.Context, p Project, before State, components int) (State, int, error) {
	for n := 0; ; n++ {
		now, err := c.Lookup(ctx, p)
		switch {
		case err != nil && !errors.Is(err, ErrNoProject):
			return now, -1, err
		case err == nil && now.LastImport > before.LastImport:
			held, err := c.Components(ctx, now.UUID)
			if err == nil && held >= 0 && components >= 0 && held != components {
				err = c.lie("it says that the import is done, and the project has %d components of %d; another upload may have come after this one", held, components)
			}
			return now, held, err
		}
		if n >= grace || c.pause(ctx, n) != nil {
			return now, -1, c.lie("it says that the import is done, and the project shows none since the upload")
		}
	}
}
