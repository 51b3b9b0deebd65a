package source

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

type onceKey struct{}

// Once is a context whose requests are sent one time only: for what is read, changed
// and written back, an answer that is late is not to be followed by an old state.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

func once(ctx context.Context) bool { return ctx.Value(onceKey{}) != nil }

// sending is the body of a request; where the host takes nothing of it for too long,
// the request ends.
type sending struct {
	io.ReadCloser
	timer *time.Timer
	every time.Duration
	idle  atomic.Bool // the timer has fired
}

func (c *Client) sending(body io.ReadCloser, cancel context.CancelFunc) io.ReadCloser {
	if body == nil || body == http.NoBody {
		return body
	}
	s := &sending{ReadCloser: body, every: c.options.Idle}
	s.timer = time.AfterFunc(s.every, func() { s.idle.Store(true); cancel() })
	return s
}

// Read gives what is sent next; behind the end the host has its own time to answer.
func (s *sending) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if err != nil {
		s.timer.Stop()
	} else {
		s.timer.Reset(s.every)
	}
	return n, err
}

// Close ends the waiting, too.
func (s *sending) Close() error {
	s.timer.Stop()
	return s.ReadCloser.Close()
}
