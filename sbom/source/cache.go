package source

import (
	"container/list"
	"sync"
)

// cache keeps the blocks that were used last, up to a number of bytes.
type cache struct {
	mu    sync.Mutex
	limit int64
	used  int64
	order *list.List // of *block, the one used last in front
	known map[blockKey]*list.Element
}

type blockKey struct {
	n     *node
	index int64
}

type block struct {
	key  blockKey
	data []byte
}

func newCache(limit int64) *cache {
	return &cache{limit: limit, order: list.New(), known: map[blockKey]*list.Element{}}
}

// get gives a block, which must not be changed.
func (c *cache) get(n *node, index int64) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.known[blockKey{n, index}]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*block).data, true
}

func (c *cache) put(n *node, index int64, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := blockKey{n, index}
	if c.known[key] != nil {
		return
	}
	c.known[key] = c.order.PushFront(&block{key, data})
	for c.used += int64(len(data)); c.used > c.limit && c.order.Len() > 1; {
		old := c.order.Remove(c.order.Back()).(*block)
		delete(c.known, old.key)
		c.used -= int64(len(old.data))
	}
}
