package archive

// streams reads what is packed where, and how.
func (p *sevenReader) streams() {
	summed := false // sub-streams were told of
	for p.broken == "" {
		switch p.byte() {
		case idPack:
			p.pack()
		case idUnpack:
			p.unpack()
		case idSubStreams:
			p.subStreams()
			summed = true
		case idEnd:
			if !summed {
				for i := range p.folders {
					f := &p.folders[i]
					f.parts = []sevenPart{{f.size(), f.crc, f.hasCRC}}
				}
			}
			p.place()
			return
		default:
			p.fail("a part of its streams is not known")
		}
	}
}

func (p *sevenReader) pack() {
	p.packAt = p.number()
	p.packSizes = make([]uint64, p.count(maxPacks))
	for p.broken == "" {
		switch p.byte() {
		case idSize:
			for i := range p.packSizes {
				p.packSizes[i] = p.number()
			}
		case idCRC:
			p.sums(len(p.packSizes), func(int, uint32) {})
		case idEnd:
			return
		default:
			p.fail("a part of its packed streams is not known")
		}
	}
}

func (p *sevenReader) unpack() {
	for p.broken == "" {
		switch p.byte() {
		case idFolder:
			p.folders = make([]folder, p.count(maxFolders))
			if p.byte() != 0 {
				p.fail("its folders stand elsewhere")
				return
			}
			for i := range p.folders {
				p.folder(&p.folders[i])
			}
		case idUnpackSize:
			for i := range p.folders {
				f := &p.folders[i]
				for _, c := range f.coders {
					for n := c.out; n > 0 && p.broken == ""; n-- {
						f.sizes = append(f.sizes, p.number())
					}
				}
			}
		case idCRC:
			p.sums(len(p.folders), func(i int, crc uint32) { p.folders[i].crc, p.folders[i].hasCRC = crc, true })
		case idEnd:
			return
		default:
			p.fail("a part of its folders is not known")
		}
	}
}

func (p *sevenReader) folder(f *folder) {
	in, out := uint64(0), uint64(0)
	for range p.count(maxCoders) {
		c := coder{in: 1, out: 1}
		flags := p.byte()
		for _, b := range p.bytes(uint64(flags & 0x0f)) {
			c.id = c.id<<8 | uint64(b)
		}
		if flags&0x10 != 0 {
			c.in, c.out = uint64(p.count(maxCoders)), uint64(p.count(maxCoders))
		}
		if flags&0x20 != 0 {
			c.props = p.bytes(uint64(p.count(maxProps)))
		}
		f.coders = append(f.coders, c)
		in, out = in+c.in, out+c.out
	}
	if out == 0 || in < out-1 {
		p.fail("a folder of it has no output")
		return
	}
	for range out - 1 {
		f.binds = append(f.binds, bind{p.number(), p.number()})
	}
	f.packed = make([]uint64, in-(out-1))
	if len(f.packed) == 1 {
		for i := range in {
			if !f.bound(i) {
				f.packed[0] = i
			}
		}
		return
	}
	for i := range f.packed {
		f.packed[i] = p.number()
	}
}

func (f *folder) bound(in uint64) bool {
	for _, b := range f.binds {
		if b.in == in {
			return true
		}
	}
	return false
}

// main is the output that no coder reads.
func (f *folder) main() uint64 {
	for out := range uint64(len(f.sizes)) {
		free := true
		for _, b := range f.binds {
			free = free && b.out != out
		}
		if free {
			return out
		}
	}
	return 0
}

// size is that of what the folder unpacks to, in bytes.
func (f *folder) size() uint64 {
	if len(f.sizes) == 0 {
		return 0
	}
	return f.sizes[f.main()]
}

// subStreams parts the folders into members.
func (p *sevenReader) subStreams() {
	counts := make([]int, len(p.folders))
	for i := range counts {
		counts[i] = 1
	}
	id := p.byte()
	if id == idNumUnpack {
		total := 0
		for i := range counts {
			counts[i] = p.count(p.most - total)
			total += counts[i]
		}
		id = p.byte()
	}
	if p.broken != "" {
		return
	}
	for i := range p.folders {
		p.part(&p.folders[i], counts[i], id == idSize)
	}
	if id == idSize {
		id = p.byte()
	}
	for p.broken == "" && id != idEnd {
		if id == idCRC {
			p.partSums()
		} else {
			p.fail("a part of its members is not known")
		}
		id = p.byte()
	}
}

// part parts one folder into n members; the last one takes what is left.
func (p *sevenReader) part(f *folder, n int, sized bool) {
	left := f.size()
	for i := range n {
		size := left
		if i < n-1 {
			if !sized || p.broken != "" {
				p.fail("the sizes of its members are missing")
				return
			}
			if size = p.number(); size > left {
				p.fail("its members are larger than the folder")
				return
			}
		}
		left -= size
		f.parts = append(f.parts, sevenPart{size: size})
	}
	if n == 1 {
		f.parts[0].crc, f.parts[0].hasCRC = f.crc, f.hasCRC
	}
}

// partSums reads the checksums of members that the folders did not give.
func (p *sevenReader) partSums() {
	var need []*sevenPart
	for i := range p.folders {
		f := &p.folders[i]
		for j := range f.parts {
			if !f.parts[j].hasCRC {
				need = append(need, &f.parts[j])
			}
		}
	}
	p.sums(len(need), func(i int, crc uint32) { need[i].crc, need[i].hasCRC = crc, true })
}

// place tells where in the file the folders' packed streams are.
func (p *sevenReader) place() {
	at, n := p.packAt, 0
	for i := range p.folders {
		f := &p.folders[i]
		for range f.packed {
			if n == len(p.packSizes) {
				p.fail("the packed streams are too few")
				return
			}
			size := p.packSizes[n]
			if at > 1<<62 || size > 1<<62 {
				p.fail("a packed stream is too large")
				return
			}
			f.packs = append(f.packs, span{from: sevenHead + int64(at), to: sevenHead + int64(at+size)})
			at, n = at+size, n+1
		}
	}
}
