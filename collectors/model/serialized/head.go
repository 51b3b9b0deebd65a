package serialized

// byHead knows formats by their first bytes.
func byHead(head []byte, ext string) found {
	switch {
	case isHDF5(string(head)):
		return hdf5(string(head), ext)
	case isTFLite(head):
		return found{format: "tflite", model: true}
	}
	return found{}
}
