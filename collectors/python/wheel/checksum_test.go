package wheel

import "hash/crc32"

func checksum(text string) uint32 { return crc32.ChecksumIEEE([]byte(text)) }
