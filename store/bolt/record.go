package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

// The formats of a record's payload.
const (
	plainJSON   = 0
	deflateJSON = 1
)

const (
	// packFrom is the size in bytes below which packing saves nothing.
	packFrom = 512
	// maxRecord bounds what a packed record may unpack to, in bytes.
	maxRecord = 64 << 20
	crcLen    = 4
)

var errRecord = errors.New("malformed record")

// castagnoli returns the table of CRC-32C; crc32 makes it once.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// codec turns values into payloads and back. It only exists to keep the
// compressors and their memory for the next record.
type codec struct{ packers, unpackers, buffers sync.Pool }

// mostKept is how large a buffer may be to be kept, in bytes.
const mostKept = 1 << 20

// encode returns a format byte followed by JSON, packed when that pays.
func (c *codec) encode(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	if len(raw) > maxRecord {
		return nil, fmt.Errorf("encode record: %d bytes are more than %d", len(raw), maxRecord)
	}
	if len(raw) < packFrom {
		return append([]byte{plainJSON}, raw...), nil
	}
	var packed bytes.Buffer
	packed.WriteByte(deflateJSON)
	packed.Write(binary.AppendUvarint(nil, uint64(len(raw))))
	w, ok := c.packers.Get().(*flate.Writer)
	if ok {
		w.Reset(&packed)
	} else if w, err = flate.NewWriter(&packed, flate.BestSpeed); err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	defer c.packers.Put(w)
	if _, err := w.Write(raw); err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	return packed.Bytes(), nil
}

// decode reads a payload into v. It keeps no part of the payload.
func (c *codec) decode(payload []byte, v any) error {
	return c.unpack(payload, func(raw []byte) error {
		if err := json.Unmarshal(raw, v); err != nil {
			return errors.Join(errRecord, err)
		}
		return nil
	})
}

// unpack hands on the JSON of a payload, which is valid until read returns.
func (c *codec) unpack(payload []byte, read func(raw []byte) error) error {
	if len(payload) == 0 {
		return errRecord
	}
	raw := payload[1:]
	switch payload[0] {
	case plainJSON:
		return read(raw)
	case deflateJSON:
	default:
		return errRecord
	}
	size, n := binary.Uvarint(raw)
	if n <= 0 || size > maxRecord {
		return errRecord
	}
	src := bytes.NewReader(raw[n:])
	r, ok := c.unpackers.Get().(io.ReadCloser)
	if !ok {
		r = flate.NewReader(src)
	} else if err := r.(flate.Resetter).Reset(src, nil); err != nil {
		return errRecord
	}
	defer c.unpackers.Put(r)
	unpacked, ok := c.buffers.Get().(*bytes.Buffer)
	if !ok {
		unpacked = &bytes.Buffer{}
	}
	unpacked.Reset()
	defer func() {
		if unpacked.Cap() <= mostKept {
			c.buffers.Put(unpacked)
		}
	}()
	// The size is a claim: memory grows with what is really there.
	got, err := unpacked.ReadFrom(io.LimitReader(r, int64(size)+1))
	if err != nil || uint64(got) != size {
		return errRecord
	}
	return read(unpacked.Bytes())
}

// seal appends the CRC-32C of key and payload: a value under a wrong key is
// damage too.
func seal(key, payload []byte) []byte {
	sum := crc32.Update(crc32.Checksum(key, castagnoli()), castagnoli(), payload)
	return binary.LittleEndian.AppendUint32(append(make([]byte, 0, len(payload)+crcLen), payload...), sum)
}

// unseal returns the payload of a value whose CRC is right. It is a part of
// the value, and dies with its transaction.
func unseal(key, value []byte) ([]byte, bool) {
	if len(value) < crcLen {
		return nil, false
	}
	payload, sum := value[:len(value)-crcLen], binary.LittleEndian.Uint32(value[len(value)-crcLen:])
	return payload, crc32.Update(crc32.Checksum(key, castagnoli()), castagnoli(), payload) == sum
}
