package cyclonedx

import (
	"bytes"
	"encoding/json"
	"strings"
)

// inject puts the records into a document in JSON, and keeps the order of keys.
func inject(data []byte, list []placed) ([]byte, error) {
	byPart := map[string][]any{}
	for _, p := range list {
		byPart[p.at] = append(byPart[p.at], p.value)
	}
	for _, p := range append([]part{{"metadata/tools", true}}, recordParts...) {
		values := byPart[p.at]
		if len(values) == 0 {
			continue
		}
		var add json.RawMessage
		if p.list {
			add = json.RawMessage(jsonText(values))
		} else {
			add = json.RawMessage(jsonText(values[0]))
		}
		var err error
		if data, err = put(data, strings.Split(p.at, "/"), add); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// member is a key of an object with its value.
type member struct {
	key   string
	value json.RawMessage
}

func members(data []byte) (list []member, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err = dec.Token(); err != nil {
		return nil, err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		m := member{key: key.(string)}
		if err := dec.Decode(&m.value); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// put adds a value to an object: a list grows, a value that is there stays.
func put(data []byte, steps []string, add json.RawMessage) ([]byte, error) {
	list, err := members(data)
	if err != nil {
		return nil, err
	}
	at := -1
	for i, m := range list {
		if m.key == steps[0] {
			at = i
		}
	}
	if at < 0 {
		at = len(list)
		list = append(list, member{key: steps[0], value: json.RawMessage("{}")})
		if len(steps) == 1 {
			list[at].value = nil
		}
	}
	switch old := bytes.TrimSpace(list[at].value); {
	case len(steps) > 1:
		if list[at].value, err = put(old, steps[1:], add); err != nil {
			return nil, err
		}
	case len(old) == 0:
		list[at].value = add
	case old[0] == '[' && len(add) > 2:
		list[at].value = bytes.Join([][]byte{old[:len(old)-1], add[1:]}, []byte(","))
	}
	return object(list), nil
}

func object(list []member) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(jsonText(m.key))
		b.WriteByte(':')
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}
