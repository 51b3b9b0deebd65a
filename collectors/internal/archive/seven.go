package archive

import "github.com/mlbom/mlbom/sbom"

const sevenMagic = "7z\xbc\xaf\x27\x1c"

func (a *Archive) seven(sbom.Limits) error {
	a.lacks(sbom.Unsupported, "7z archives are not unpacked")
	return nil
}
